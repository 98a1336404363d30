/** Compiles shaders with this runtime's WGSL compiler (Naga, in Deno): INPUT_FILE. Prints what it says about each. */
import { readFileSync } from 'node:fs';
import process from 'node:process';

const adapter = await navigator.gpu.requestAdapter();
if (adapter === null) throw new Error('navigator.gpu offers no adapter: install a Vulkan driver');
const device = await adapter.requestDevice();
const shaders = [];
for (const { name, code } of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label: name, code });
  const { messages } = await module.getCompilationInfo();
  const refused = await device
    .createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } })
    .then(
      () => [],
      (error) => [error.message],
    );
  const validation = await device.popErrorScope();
  shaders.push({
    name,
    complaints: [
      ...messages.map((one) => `${one.lineNum}:${one.linePos} ${one.message}`),
      ...refused,
      ...(validation ? [validation.message] : []),
    ],
  });
}
process.stdout.write(`${JSON.stringify({ adapter: adapter.info.description, shaders })}\n`, () =>
  process.exit(0),
);
