/** Encodes many dispatches into one submit, with their uniforms in one buffer that is written once. */
import { BackfireError } from '../errors.ts';
import type { Device } from './device.ts';
import type { Kernel } from './kernel.ts';

export type Grid = readonly [x: number, y?: number, z?: number];
export type UniformValues = Readonly<Record<string, number>>;

const UNIFORM_ALIGNMENT = 256;

/** Uniform memory for one submit; reused for the next once the queue has taken a copy. */
export class UniformArena {
  readonly buffer: GPUBuffer;
  private readonly bytes: ArrayBuffer;
  private readonly view: DataView;
  private used = 0;

  constructor(
    private readonly device: Device,
    readonly capacity: number,
  ) {
    this.buffer = device.handle.createBuffer({
      label: 'uniforms',
      size: capacity * UNIFORM_ALIGNMENT,
      usage: 0x40 | 0x8, // UNIFORM | COPY_DST
    });
    this.bytes = new ArrayBuffer(capacity * UNIFORM_ALIGNMENT);
    this.view = new DataView(this.bytes);
  }

  get free(): number {
    return this.capacity - this.used;
  }

  /** Packs values by the member names of the shader's uniform struct; returns the dynamic offset. */
  push(kernel: Kernel, values: UniformValues): number {
    const binding = kernel.shader.bindings.find((one) => one.kind === 'uniform');
    if (binding === undefined) return 0;
    if (this.used === this.capacity)
      throw new BackfireError('internal', 'The uniform arena is full: shorten the chunk');
    const offset = this.used * UNIFORM_ALIGNMENT;
    for (const [name, member] of Object.entries(binding.members)) {
      const value = values[name];
      if (value === undefined) {
        throw new BackfireError('internal', `Shader ${kernel.shader.name} lacks a value for ${name}`);
      }
      if (member.type === 'f32') this.view.setFloat32(offset + member.offset, value, true);
      else if (member.type === 'i32') this.view.setInt32(offset + member.offset, value, true);
      else this.view.setUint32(offset + member.offset, value, true);
    }
    this.used += 1;
    return offset;
  }

  /** Hands the packed values to the queue; the arena is empty afterwards. */
  flush(): void {
    if (this.used > 0) {
      this.device.handle.queue.writeBuffer(this.buffer, 0, this.bytes, 0, this.used * UNIFORM_ALIGNMENT);
    }
    this.used = 0;
  }

  destroy(): void {
    this.buffer.destroy();
  }
}

export class Recorder {
  private readonly encoder: GPUCommandEncoder;
  private pass: GPUComputePassEncoder | null = null;
  private readonly uniformGroups = new Map<GPUBindGroupLayout, GPUBindGroup>();

  constructor(
    private readonly device: Device,
    private readonly arena: UniformArena,
    label: string,
    /** Of the first compute pass; a copy between dispatches starts another one. */
    private timestampWrites: GPUComputePassTimestampWrites | null = null,
  ) {
    this.encoder = device.handle.createCommandEncoder({ label });
  }

  /** Encodes one dispatch; `grid` counts workgroups. An empty grid encodes nothing. */
  dispatch(kernel: Kernel, data: GPUBindGroup, values: UniformValues, grid: Grid): void {
    const [x, y = 1, z = 1] = grid;
    if (x === 0 || y === 0 || z === 0) return;
    this.pass ??= this.beginPass();
    this.pass.setPipeline(kernel.pipeline);
    this.pass.setBindGroup(0, data);
    if (kernel.uniformLayout) {
      this.pass.setBindGroup(1, this.uniformGroup(kernel, kernel.uniformLayout), [
        this.arena.push(kernel, values),
      ]);
    }
    this.pass.dispatchWorkgroups(x, y, z);
  }

  private beginPass(): GPUComputePassEncoder {
    const { timestampWrites } = this;
    this.timestampWrites = null;
    return this.encoder.beginComputePass({ label: 'rounds', ...(timestampWrites && { timestampWrites }) });
  }

  private uniformGroup(kernel: Kernel, layout: GPUBindGroupLayout): GPUBindGroup {
    let group = this.uniformGroups.get(layout);
    if (group === undefined) {
      group = this.device.handle.createBindGroup({
        label: `${kernel.shader.name} uniforms`,
        layout,
        entries: [{ binding: 0, resource: { buffer: this.arena.buffer, size: kernel.uniformBytes } }],
      });
      this.uniformGroups.set(layout, group);
    }
    return group;
  }

  private endPass(): void {
    this.pass?.end();
    this.pass = null;
  }

  copy(from: GPUBuffer, to: GPUBuffer, bytes: number, fromOffset = 0, toOffset = 0): void {
    this.endPass();
    this.encoder.copyBufferToBuffer(from, fromOffset, to, toOffset, bytes);
  }

  clear(buffer: GPUBuffer): void {
    this.endPass();
    this.encoder.clearBuffer(buffer);
  }

  submit(): void {
    this.endPass();
    this.arena.flush();
    this.device.handle.queue.submit([this.encoder.finish()]);
  }
}
