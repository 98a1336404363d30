/** Compiled shaders: pipelines, cached per device, and bind groups checked by name against the shader's reflection. */
import { BackfireError } from '../errors.ts';
import type { Device } from './device.ts';
import type { ShaderSource } from './shader_source.ts';

export type Overrides = Readonly<Record<string, number>>;

export interface Kernel {
  readonly shader: ShaderSource;
  readonly pipeline: GPUComputePipeline;
  readonly dataLayout: GPUBindGroupLayout;
  /** Null for a shader without uniforms. */
  readonly uniformLayout: GPUBindGroupLayout | null;
  readonly uniformBytes: number;
  readonly overrides: Overrides;
}

/** Compiles each (shader, overrides) once; concurrent requests for one share its compilation. */
export class KernelCache {
  private readonly kernels = new Map<string, Promise<Kernel>>();

  constructor(private readonly device: Device) {}

  /** Throws `shader` with line, column and the source line when the driver refuses the shader. */
  get(shader: ShaderSource, overrides: Overrides = {}): Promise<Kernel> {
    const key = `${shader.name} ${JSON.stringify(overrides)}`;
    let kernel = this.kernels.get(key);
    if (kernel === undefined) {
      kernel = compile(this.device, shader, overrides);
      this.kernels.set(key, kernel);
    }
    return kernel;
  }
}

async function compile(device: Device, shader: ShaderSource, overrides: Overrides): Promise<Kernel> {
  for (const name of Object.keys(overrides)) {
    if (!shader.overrides.includes(name)) {
      throw new BackfireError('internal', `Shader ${shader.name} has no override ${name}`);
    }
  }
  const { handle } = device;
  const layoutOf = (group: number): GPUBindGroupLayout =>
    handle.createBindGroupLayout({
      label: `${shader.name} group ${group}`,
      entries: shader.bindings
        .filter((binding) => binding.group === group)
        .map((binding) => ({
          binding: binding.binding,
          visibility: 4, // GPUShaderStage.COMPUTE; the global is not there in every runtime
          buffer: { type: binding.kind, hasDynamicOffset: binding.kind === 'uniform' },
        })),
    });
  const uniform = shader.bindings.find((binding) => binding.kind === 'uniform');
  const dataLayout = layoutOf(0);
  const uniformLayout = uniform ? layoutOf(1) : null;

  handle.pushErrorScope('validation');
  const module = handle.createShaderModule({ label: shader.name, code: shader.code });
  const info = await module.getCompilationInfo();
  const errors = info.messages.filter((message) => message.type === 'error');
  try {
    const pipeline = await handle.createComputePipelineAsync({
      label: shader.name,
      layout: handle.createPipelineLayout({
        label: shader.name,
        bindGroupLayouts: uniformLayout ? [dataLayout, uniformLayout] : [dataLayout],
      }),
      compute: { module, entryPoint: 'main', constants: overrides },
    });
    return { shader, pipeline, dataLayout, uniformLayout, uniformBytes: uniform?.bytes ?? 0, overrides };
  } catch (cause) {
    device.check();
    const lines = shader.code.split('\n');
    const places = errors.map(
      (error) =>
        `${shader.name}.wgsl (with its imports):${error.lineNum}:${error.linePos} ${error.message}\n  ${lines[error.lineNum - 1] ?? ''}`,
    );
    throw new BackfireError(
      'shader',
      `The driver refused the shader ${shader.name} on ${device.adapter.description} — ${places.join('\n') || String(cause)}`,
      { cause },
    );
  } finally {
    await handle.popErrorScope();
  }
}

/** Bind group for the data of a kernel; every binding of group 0 must be given by its name in the shader. */
export function bindData(
  device: Device,
  kernel: Kernel,
  buffers: Readonly<Record<string, GPUBuffer>>,
): GPUBindGroup {
  const wanted = kernel.shader.bindings.filter((binding) => binding.group === 0);
  const unknown = Object.keys(buffers).filter((name) => !wanted.some((binding) => binding.name === name));
  if (unknown.length > 0) {
    throw new BackfireError('internal', `Shader ${kernel.shader.name} has no binding ${unknown.join(', ')}`);
  }
  return device.handle.createBindGroup({
    label: kernel.shader.name,
    layout: kernel.dataLayout,
    entries: wanted.map((binding) => {
      const buffer = buffers[binding.name];
      if (buffer === undefined) {
        throw new BackfireError(
          'internal',
          `Shader ${kernel.shader.name} lacks a buffer for ${binding.name}`,
        );
      }
      return { binding: binding.binding, resource: { buffer } };
    }),
  });
}
