import { defineConfig } from 'vitest/config';
import { wgslKernels } from './scripts/vite_plugin_wgsl.ts';
export default defineConfig({ plugins: [wgslKernels()], test: { include: ['test/**/*.test.ts'], pool: 'forks', testTimeout: 60000 } });
