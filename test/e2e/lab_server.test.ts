/** `backfire lab`: what it serves, to whom, and how it starts and stops. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLab } from '../support/lab_process.ts';
import type { LabProcess } from '../support/lab_process.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const POLICY =
  "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
  "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";
const DEFAULT_PORT = 5273;

let lab: LabProcess;
let address: URL;

beforeAll(async () => {
  lab = startLab(['--port', '0']);
  address = new URL(await lab.address);
});
afterAll(async () => {
  lab.interrupt();
  await lab.finished;
});

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** A request whose path is sent as it stands, which fetch would tidy up. */
function raw(path: string, { host = address.hostname, headers = {} } = {}): Promise<Reply> {
  return new Promise((done, failed) => {
    const sent = request({ host, port: address.port, path, headers, timeout: 5_000 }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      response.on('end', () => {
        done({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text });
      });
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.on('error', failed);
    sent.end();
  });
}

/** Listens on a port of 127.0.0.1 as another program would; null where one does already. */
function occupy(port: number): Promise<Server | null> {
  const server = createServer();
  return new Promise((done) => {
    server.on('error', () => {
      done(null);
    });
    server.listen(port, '127.0.0.1', () => {
      done(server);
    });
  });
}

describe('it serves', () => {
  it('the page with the headers that protect it', async () => {
    const page = await fetch(address);
    expect(page.status).toBe(200);
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'content-type': 'text/html;charset=utf-8',
      'content-security-policy': `${POLICY}; frame-ancestors 'none'`,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-cache',
    });
    const html = (await page.text()).replaceAll('&#39;', "'");
    expect(html).toContain('<title>Backfire');
    expect(html).toContain(`<meta http-equiv="Content-Security-Policy" content="${POLICY}">`);
    const again = await fetch(address, { headers: { 'if-none-match': page.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
  });

  it('scripts for good, because their names change with their content', async () => {
    const html = await (await fetch(address)).text();
    const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(html)?.[1] ?? '';
    const answer = await fetch(new URL(script, address));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('javascript');
    expect(answer.headers.get('cache-control')).toContain('immutable');
  });

  it('a manifest whose icons are there', async () => {
    const url = new URL('manifest.webmanifest', address);
    const answer = await fetch(url);
    expect(answer.headers.get('content-type')).toContain('application/manifest+json');
    const { icons } = (await answer.json()) as { icons: { src: string; sizes: string; type: string }[] };
    expect(icons.map(({ sizes }) => sizes)).toEqual(['any', '192x192', '512x512', '512x512']);
    for (const { src, sizes, type } of icons) {
      const icon = await fetch(new URL(src, url));
      expect([src, icon.status, icon.headers.get('content-type')]).toEqual([src, 200, type]);
      const bytes = Buffer.from(await icon.arrayBuffer());
      // Width and height in a PNG's first chunk.
      if (type === 'image/png')
        expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, src).toBe(sizes);
    }
  });

  it('nobody but this machine', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((all) => all ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map((one) => one.address);
    // A server on all addresses would answer on every loopback address of Linux too.
    for (const host of ['127.0.0.2', ...outside]) await expect(raw('/', { host }), host).rejects.toThrow();
    expect((await raw('/')).status).toBe(200);
  });
});

describe('it refuses politely', () => {
  it('what is not there', async () => {
    expect(await raw('/no/such/file')).toEqual({
      status: 404,
      type: 'text/plain; charset=utf-8',
      text: 'There is no such file here. The lab is at /\n',
    });
    const post = await fetch(address, { method: 'POST', body: 'x' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it.each([
    '/../backfire.js',
    '/..%2fbackfire.js',
    '/%2e%2e/backfire.js',
    '/assets/../../backfire.js',
    '/..%5cbackfire.js',
    '/%00',
    '/%',
    '/.vite/manifest.json',
    '//etc/passwd',
    '/__proto__',
  ])('%s', async (path) => {
    expect((await raw(path)).status).toBe(404);
  });

  it('a range that ends before it starts, and goes on', async () => {
    await raw('/', { headers: { range: 'bytes=10-5' } });
    expect((await raw('/')).status).toBe(200);
  });
});

describe('it starts and stops', () => {
  it('with a port that is taken: exit 2 and advice', async () => {
    const { code, stdout, stderr } = await startLab(['--port', address.port]).finished;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`--port: port ${address.port} cannot be used — another program listens on it`);
    expect(stderr).toContain('name another port');
  });

  it.each(['65536', '-1', 'http', '80.5', ''])('with the port "%s": exit 2', async (port) => {
    const { code, stderr } = await startLab([`--port=${port}`]).finished;
    expect(code).toBe(2);
    expect(stderr).toContain('a whole number from 0 to 65,535');
  });

  it('on the next free port where the usual one is taken', async () => {
    const other = await occupy(DEFAULT_PORT);
    const second = startLab([]);
    const port = Number(new URL(await second.address).port);
    second.interrupt();
    const { code, stderr } = await second.finished;
    other?.close();
    expect(port).toBeGreaterThan(DEFAULT_PORT);
    expect(stderr).toContain(`port ${DEFAULT_PORT} is taken by another program`);
    expect(code).toBe(0);
  });

  it('at Ctrl-C with exit 0, with a browser still connected', async () => {
    const other = startLab(['--port', '0']);
    const url = await other.address;
    await (await fetch(url, { headers: { connection: 'keep-alive' } })).text();
    other.interrupt();
    const { code, stdout, stderr } = await other.finished;
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '',
      stderr: `The lab is at ${url} — open it in a browser; Ctrl-C stops it.\n`,
    });
    await expect(fetch(url)).rejects.toThrow();
  });

  it('not without a built page: exit 2 and advice', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'backfire-lab-'));
    try {
      mkdirSync(join(folder, 'dist'));
      cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
      symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      const filter = (path: string): boolean => basename(path) !== 'web';
      cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true, filter });
      const { code, stderr } = await startLab([], join(folder, 'dist/backfire.js')).finished;
      expect(stderr).toContain('run `npm run build`');
      expect(code).toBe(2);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
