import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';
import type { Precache } from '../web/service_worker.ts';

/** The service worker's name among the built files: never hashed, because browsers look for new versions there. */
export const SERVICE_WORKER = 'sw.js';

/** Tells the built service worker which files there are. */
export function offline(): Plugin {
  return {
    name: 'backfire:offline',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle[SERVICE_WORKER];
        if (worker?.type !== 'chunk') this.error(`the build made no ${SERVICE_WORKER}`);
        const shared = [...worker.imports, ...worker.dynamicImports];
        if (shared.length > 0 || worker.exports.length > 0)
          this.error(`${SERVICE_WORKER} must be a classic script, but shares code: ${shared.join(', ')}`);
        const files: Record<string, string> = {};
        for (const [path, output] of Object.entries(bundle).sort(([a], [b]) => (a < b ? -1 : 1))) {
          // What starts with a dot is for tools.
          if (path === SERVICE_WORKER || path.startsWith('.')) continue;
          files[path] = integrity(output.type === 'chunk' ? output.code : output.source);
        }
        const version = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
        const precache: Precache = { version, files };
        worker.code = `const PRECACHE = ${JSON.stringify(precache)};\n${worker.code}`;
      },
    },
  };
}

/** Subresource integrity of a file (W3C SRI). */
function integrity(content: string | Uint8Array): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}
