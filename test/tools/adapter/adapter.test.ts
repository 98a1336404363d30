import { expect, test } from 'vitest';
import { create } from 'webgpu';

const { BACKFIRE_EXPECT_ADAPTER: expected, VK_DRIVER_FILES, VK_ICD_FILENAMES } = process.env;

test(`the GPU tests run on the ${expected ?? 'unnamed'} adapter`, async () => {
  const gpu = create([]);
  const adapter = await gpu.requestAdapter();
  expect(adapter, 'Dawn finds no WebGPU adapter: run `npm run setup`').not.toBeNull();
  const kind = adapter?.info.architecture === 'swiftshader' ? 'swiftshader' : 'default';
  const driverIsTheUsersChoice =
    expected === 'default' && (VK_DRIVER_FILES ?? VK_ICD_FILENAMES) !== undefined;
  expect(driverIsTheUsersChoice ? 'default' : kind).toBe(expected);
});
