/** Serves files on 127.0.0.1, where browsers grant a page what they grant https, for as long as a test needs it. */
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

export interface Served {
  /** Such as "http://127.0.0.1:41234". */
  readonly origin: string;
  close(): Promise<void>;
}

/** `folders` maps URL paths (such as "/" or "/lab/") to folders; an open server keeps no process alive. */
export function serve(folders: Readonly<Record<string, string>>): Promise<Served> {
  const server = createServer((request, response) => {
    const file = fileFor(
      folders,
      decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname),
    );
    if (file === null) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') {
        reject(new Error('the server has no port'));
        return;
      }
      resolve({
        origin: `http://127.0.0.1:${address.port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => {
              closed();
            });
            server.closeAllConnections();
          }),
      });
    });
  });
}

function fileFor(folders: Readonly<Record<string, string>>, path: string): string | null {
  const prefixes = Object.keys(folders).sort((a, b) => b.length - a.length);
  const prefix = prefixes.find((candidate) => path.startsWith(candidate));
  if (prefix === undefined) return null;
  const inside = normalize(path.slice(prefix.length) === '' ? 'index.html' : path.slice(prefix.length));
  if (inside.startsWith('..') || inside.startsWith(sep)) return null;
  const file = join(folders[prefix], inside);
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? file : null;
}
