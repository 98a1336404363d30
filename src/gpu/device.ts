/**
 * One WebGPU device, with everything that can go wrong with it turned into a BackfireError.
 *
 * This folder knows WebGPU and nothing about models: a *shader* is data (source, bindings, overrides, reflected at
 * build time), a *kernel* is its compiled pipeline, a *recorder* encodes dispatches. It is not a place for algorithms.
 */
import { BackfireError } from '../errors.ts';

export interface AdapterSummary {
  /** For example "llvmpipe (LLVM 15.0.6, 256 bits), Mesa 25.0.7". */
  readonly description: string;
  /** True where the "GPU" is the CPU in disguise (lavapipe, SwiftShader, WARP). */
  readonly software: boolean;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

const REPORTED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupsPerDimension',
] as const;
const NEEDED_STORAGE_BUFFERS = 8; // the guaranteed minimum of WebGPU; no kernel binds more
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp|cpu/i;

export function summarise(adapter: GPUAdapter): AdapterSummary {
  const { vendor, architecture, device, description } = adapter.info;
  const named = description !== '' ? description : [vendor, architecture, device].filter(Boolean).join(' ');
  const limits: Record<string, number> = {};
  for (const name of REPORTED_LIMITS) limits[name] = adapter.limits[name];
  return {
    description: named === '' ? 'an adapter that does not give its name' : named,
    software: adapter.info.isFallbackAdapter || SOFTWARE.test(`${description} ${device} ${architecture}`),
    features: [...adapter.features].sort(),
    limits,
  };
}

/** An open device and its adapter's description. `lost` resolves once, when the device is gone for any reason. */
export class Device {
  private readonly uncaptured: { readonly code: 'too-large' | 'internal'; readonly text: string }[] = [];
  private gone: string | null = null;
  readonly lost: Promise<string>;

  private constructor(
    readonly handle: GPUDevice,
    readonly adapter: AdapterSummary,
  ) {
    this.lost = handle.lost.then((info) => {
      this.gone = info.message === '' ? info.reason : info.message;
      return this.gone;
    });
    handle.addEventListener('uncapturederror', (event) => {
      const { message } = event.error;
      const memory = event.error.constructor.name === 'GPUOutOfMemoryError';
      this.uncaptured.push(
        memory
          ? {
              code: 'too-large',
              text: `The GPU ran out of memory — ${message}. Use the CPU backend or less of everything.`,
            }
          : { code: 'internal', text: `WebGPU refused a command — ${message}` },
      );
    });
  }

  /** Opens a device with the adapter's own limits and those of `wished` that it has. Throws `no-adapter`. */
  static async open(gpu: GPU, wished: readonly GPUFeatureName[] = []): Promise<Device> {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter === null) {
      throw new BackfireError(
        'no-adapter',
        'WebGPU is there but offers no adapter — no GPU driver with Vulkan, Metal or Direct3D 12 was found. Install one, or use the CPU backend.',
      );
    }
    const requiredLimits: Record<string, number> = {};
    for (const name of REPORTED_LIMITS) requiredLimits[name] = adapter.limits[name];
    requiredLimits['maxStorageBuffersPerShaderStage'] = NEEDED_STORAGE_BUFFERS;
    try {
      const requiredFeatures = wished.filter((feature) => adapter.features.has(feature));
      const handle = await adapter.requestDevice({ label: 'backfire', requiredLimits, requiredFeatures });
      return new Device(handle, summarise(adapter));
    } catch (cause) {
      throw new BackfireError(
        'no-adapter',
        `The adapter "${summarise(adapter).description}" gave no device — ${String(cause)}. Update its driver, or use the CPU backend.`,
        { cause },
      );
    }
  }

  get isLost(): boolean {
    return this.gone !== null;
  }

  /** Throws `device-lost` or, for a validation error nobody awaited, `internal`. */
  check(): void {
    if (this.gone !== null) {
      throw new BackfireError('device-lost', `The GPU device was lost — ${this.gone}.`);
    }
    const message = this.uncaptured.shift();
    if (message !== undefined) throw new BackfireError(message.code, message.text);
  }

  /** Runs `work` and turns a validation or out-of-memory error inside it into a BackfireError. */
  async guarded<T>(what: string, work: () => T | Promise<T>): Promise<T> {
    this.handle.pushErrorScope('out-of-memory');
    this.handle.pushErrorScope('validation');
    const outcome = await Promise.resolve()
      .then(work)
      .then(
        (value) => ({ done: true, value }) as const,
        (error: unknown) => ({ done: false, error }) as const,
      );
    const validation = await this.popScope();
    const memory = await this.popScope();
    this.check();
    if (memory) {
      throw new BackfireError(
        'too-large',
        `The GPU ran out of memory at ${what} — ${memory.message}. Use fewer models, outcomes or replicates, or the CPU backend.`,
      );
    }
    if (validation) throw new BackfireError('internal', `WebGPU refused ${what} — ${validation.message}`);
    if (!outcome.done) throw outcome.error;
    return outcome.value;
  }

  /** A lost device reports nothing more; `check` says why. */
  private popScope(): Promise<GPUError | null> {
    return this.handle.popErrorScope().catch(() => null);
  }

  destroy(): void {
    this.handle.destroy();
  }
}
