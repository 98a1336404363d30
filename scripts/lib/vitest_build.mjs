import { ensureBuild } from './dist.mjs';

/** Vitest runs this before the end-to-end tests, which start what lies in dist/. */
export async function setup() {
  await ensureBuild();
}
