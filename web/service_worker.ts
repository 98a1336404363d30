/**
 * Keeps every built file, so that the lab opens without a network. Built to sw.js, a classic script of its own without
 * imports, because not every browser has module service workers.
 */

/** What the build puts in front of this script. */
export interface Precache {
  /** A digest of all files: names this build. */
  readonly version: string;
  /** Subresource integrity by path from the page's folder. */
  readonly files: Readonly<Record<string, string>>;
}

/** The parts of ServiceWorkerGlobalScope used here; TypeScript has it only where it has no DOM. */
interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: LifetimeEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
}
interface LifetimeEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends LifetimeEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

declare const PRECACHE: Precache;
declare const self: Scope;

const SCOPE = new URL(self.registration.scope);
/** Caches belong to an origin, which may hold several copies of the lab in different folders. */
const OURS = `backfire ${SCOPE.pathname} `;
const CACHE = `${OURS}${PRECACHE.version}`;

self.addEventListener('install', (event) => {
  event.waitUntil(keepAll());
});
self.addEventListener('activate', (event) => {
  event.waitUntil(removeOldCaches().then(() => self.clients.claim()));
});
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting();
});
self.addEventListener('fetch', (event) => {
  const path = keptPath(event.request);
  if (path !== null) event.respondWith(kept(path, event.request));
});

async function keepAll(): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all(
    Object.entries(PRECACHE.files).map(async ([path, integrity]) => {
      const url = new URL(path, SCOPE).href;
      await cache.put(url, (await fromLastVersion(path, url)) ?? (await download(url, integrity)));
    }),
  );
}

/** A file whose name carries a hash of its content is the same in every version. */
async function fromLastVersion(path: string, url: string): Promise<Response | undefined> {
  return path.startsWith('assets/') ? caches.match(url) : undefined;
}

/** The integrity keeps files of two versions apart where a new one is being put in place just now. */
async function download(url: string, integrity: string): Promise<Response> {
  const response = await fetch(url, { integrity, cache: 'no-cache' });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  // Hosts that leave "index.html" out of addresses redirect, and browsers refuse a redirected answer to a navigation.
  return response.redirected ? new Response(response.body, { headers: response.headers }) : response;
}

async function removeOldCaches(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(OURS) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** Path of the kept file that a request means; null for all else, which goes its usual way. */
function keptPath({ method, url }: Request): string | null {
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== SCOPE.origin || !pathname.startsWith(SCOPE.pathname)) return null;
  const path = pathname.slice(SCOPE.pathname.length) || 'index.html';
  return Object.hasOwn(PRECACHE.files, path) ? path : null;
}

async function kept(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const found = await cache.match(new URL(path, SCOPE).href, { ignoreVary: true });
  return found ?? fetch(request);
}
