import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';
import { HEADER_POLICY } from './page_policy.ts';

/** The server listens here only: nobody else on the network sees it, and browsers grant its page what they grant https. */
export const LAB_HOST = '127.0.0.1';

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': HEADER_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
};
const TEXT = 'text/plain; charset=utf-8';

/** Files below this path carry a hash of their content in their name. */
const HASHED = '/assets/';
const FOREVER = 'public, max-age=31536000, immutable';

export interface LabServer {
  readonly port: number;
  /** Ends all connections and frees the port. */
  close(): Promise<void>;
}

/**
 * Serves the built page in `folder` on the first of these ports that is free; 0 stands for any.
 * Rejects with the system's error for the last port where none can be had.
 */
export async function startLabServer(folder: string, ports: readonly number[]): Promise<LabServer> {
  const site = currentSite(folder);
  const server = createServer((request, response) => {
    answer(site, request, response);
  });
  for (const [index, port] of ports.entries()) {
    try {
      await listen(server, port);
      break;
    } catch (error) {
      if (index === ports.length - 1) throw error;
    }
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { port: address.port, close: () => close(server) };
}

type Site = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

function answer(site: Site, request: IncomingMessage, response: ServerResponse): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { 'Content-Type': TEXT, Allow: 'GET, HEAD' });
    response.end('This server only hands out files: use GET.\n');
    return;
  }
  // The page asks for whole files only, and sirv 3.0.2 throws on a range that ends before it starts.
  delete request.headers.range;
  site(request, response, () => {
    response.writeHead(404, { 'Content-Type': TEXT });
    response.end('There is no such file here. The lab is at /\n');
  });
}

/** The files of the last build: `npm run build` may put a new one in the place of the first while the server runs. */
function currentSite(folder: string): Site {
  let served = '';
  let site: Site | null = null;
  return (request, response, next) => {
    const index = statSync(join(folder, 'index.html'), { throwIfNoEntry: false });
    if (index === undefined) {
      response.writeHead(503, { 'Content-Type': TEXT, 'Retry-After': '1' });
      response.end(
        'The lab is not there, or just being rebuilt: try again in a moment, or run `npm run build`.\n',
      );
      return;
    }
    const built = `${index.ino} ${index.mtimeMs}`;
    if (site === null || built !== served) {
      [site, served] = [filesIn(folder), built];
    }
    site(request, response, next);
  };
}

function filesIn(folder: string): Site {
  return sirv(folder, {
    etag: true,
    setHeaders: (response, path) => {
      response.setHeader('Cache-Control', path.startsWith(HASHED) ? FOREVER : 'no-cache');
    },
  });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LAB_HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
