/**
 * Prints, as one line of JSON, the adapter that Dawn gives to a test in this environment, or null. A program of its
 * own, because a driver may crash and because Vulkan reads its settings once a process.
 */
import { create } from 'webgpu';

const gpu = create([]);
const adapter = await gpu.requestAdapter();
const device = await adapter?.requestDevice();
const { vendor, architecture, description } = adapter?.info ?? {};
console.log(JSON.stringify(device ? { vendor, architecture, description } : null));
process.exit(0);
