/** The CPU backend: float64 and u32 on the host's cores, on the calling thread or on a team of workers. */
import type { Ensemble } from '../../scenario/ecosystem.ts';
import { CpuMachine } from '../../cpu/machine.ts';
import { MEASURES } from '../../cpu/measure.ts';
import type { CpuMemory } from '../../cpu/memory.ts';
import { CPU_CHUNK_ROUNDS, cpuBytes, createCpuMemory } from '../../cpu/memory.ts';
import type { TeamMessage, TeamReply, WorkerPort } from '../../cpu/team.ts';
import { breakBarrier, RELEASED } from '../../cpu/team.ts';
import { BackfireError } from '../../errors.ts';
import { drawsPerSample, planFinite } from '../../plan/finite_plan.ts';
import { windowAdvice } from '../../plan/retention_plan.ts';
import type { Backend, Checkpoint, Measures, Simulation, SimulationOptions } from '../simulation.ts';
import { checkRounds, countsOfAllModels, meanPairwise } from '../simulation.ts';

export interface CpuOptions {
  /** Starts a worker thread; null keeps all work on the calling thread. */
  readonly spawn: (() => WorkerPort) | null;
  readonly threads: number;
  /** Bytes the backend may use. */
  readonly memoryLimit: number;
}

/** Items below this cost less than meeting at barriers: stay on the calling thread. */
const SMALL_ROUND = 20_000;
const SLICE_MS = 25;

export function createCpuBackend(options: CpuOptions): Backend {
  const threads = options.spawn ? Math.max(1, options.threads) : 1;
  return {
    kind: 'cpu',
    description: `CPU, ${threads} ${threads === 1 ? 'thread' : 'worker threads'}, float64`,
    checkSize(ensemble) {
      const bytes = cpuBytes(ensemble, threads);
      if (bytes > options.memoryLimit) {
        throw new BackfireError('too-large', tooLarge(ensemble, bytes, options.memoryLimit));
      }
    },
    async createSimulation(ensemble, { stable }) {
      this.checkSize(ensemble);
      if (options.spawn && threads > 1 && roundItems(ensemble) >= SMALL_ROUND) {
        return TeamSimulation.create(ensemble, stable, options.spawn, threads);
      }
      return new LocalSimulation(ensemble, stable);
    },
    destroy() {
      // Nothing is held between simulations.
    },
  };
}

function tooLarge(ensemble: Ensemble, bytes: number, limit: number): string {
  const gib = (value: number) => `${(value / 2 ** 30).toFixed(2)} GiB`;
  const { models, outcomeCount } = ensemble.ecosystem;
  return `${models.length} models × ${outcomeCount} outcomes × ${ensemble.stream.length} replicates need ${gib(bytes)} — this machine allows ${gib(limit)}. Use fewer models, outcomes or replicates${windowAdvice(ensemble)}.`;
}

/** Rough work of one round: probabilities touched and candidates drawn. */
export function roundItems(ensemble: Ensemble): number {
  const { edges, outcomeCount, models } = ensemble.ecosystem;
  const [parameters] = ensemble.variants;
  let drawn = 0;
  parameters.population.forEach((population, model) => {
    drawn += population * drawsPerSample(ensemble.ecosystem, parameters, model);
  });
  return ensemble.stream.length * ((edges.producer.length + 3 * models.length) * outcomeCount + 4 * drawn);
}

abstract class CpuSimulation implements Simulation {
  protected readonly machine: CpuMachine;
  protected readonly memory: CpuMemory;
  private marked: Checkpoint | null = null;

  constructor(
    protected readonly ensemble: Ensemble,
    stable: SimulationOptions['stable'],
    allocate: (bytes: number) => ArrayBufferLike,
  ) {
    this.memory = createCpuMemory(ensemble, allocate);
    this.machine = new CpuMachine(ensemble, this.memory, stable);
    this.machine.initialise();
  }

  get round(): number {
    return this.machine.round;
  }

  /** Runs at most CPU_CHUNK_ROUNDS rounds from `machine.round`, leaving measures in memory. */
  protected abstract runChunk(rounds: number): Promise<void>;
  abstract destroy(): void;

  async advance(rounds: number): Promise<Measures> {
    checkRounds(this.ensemble, this.machine.round + rounds);
    const { models } = this.ensemble.ecosystem;
    const replicates = this.ensemble.stream.length;
    const perRound = replicates * models.length * MEASURES.length;
    const all = new Float64Array(rounds * perRound);
    const homogenisation = new Float64Array(rounds * replicates);
    for (let done = 0; done < rounds;) {
      const chunk = Math.min(rounds - done, CPU_CHUNK_ROUNDS);
      await this.runChunk(chunk);
      all.set(this.memory.measures.subarray(0, chunk * perRound), done * perRound);
      this.readDistances(chunk, homogenisation.subarray(done * replicates));
      done += chunk;
    }
    return { rounds, models: all, homogenisation };
  }

  async measure(): Promise<Measures> {
    this.machine.measureNow();
    const { models } = this.ensemble.ecosystem;
    const replicates = this.ensemble.stream.length;
    const homogenisation = new Float64Array(replicates);
    this.readDistances(1, homogenisation);
    return {
      rounds: 1,
      models: this.memory.measures.slice(0, replicates * models.length * MEASURES.length),
      homogenisation,
    };
  }

  private readDistances(rounds: number, out: Float64Array): void {
    const replicates = this.ensemble.stream.length;
    const blocks = this.memory.distances.length / CPU_CHUNK_ROUNDS / replicates;
    for (let k = 0; k < rounds * replicates; k++) {
      let total = 0;
      for (let b = 0; b < blocks; b++) total += this.memory.distances[k * blocks + b];
      out[k] = meanPairwise(total, this.ensemble.ecosystem.models.length);
    }
  }

  private snapshot(): Checkpoint {
    const { ring, kept, mass, counts } = this.memory;
    return {
      round: this.machine.round,
      state: Float64Array.from(ring[this.machine.round % 3]),
      previous: Float64Array.from(ring[(this.machine.round + 2) % 3]),
      kept: Float64Array.from(kept),
      mass: Uint32Array.from(mass),
      counts: Uint32Array.from(counts),
      pastLaws: Float64Array.from(this.memory.pastLaws),
      pastCounts: Uint32Array.from(this.memory.pastCounts),
      preferences: this.preferences(),
    };
  }

  private reinstate(checkpoint: Checkpoint): void {
    const { ring, kept, mass, counts } = this.memory;
    this.machine.startChunk(checkpoint.round);
    ring[checkpoint.round % 3].set(checkpoint.state);
    ring[(checkpoint.round + 2) % 3].set(checkpoint.previous);
    kept.set(checkpoint.kept);
    mass.set(checkpoint.mass);
    counts.set(checkpoint.counts);
    this.memory.pastLaws.set(checkpoint.pastLaws);
    this.memory.pastCounts.set(checkpoint.pastCounts);
    this.memory.preferences.set(checkpoint.preferences ?? []);
    this.machine.rebuildAllTables();
  }

  mark(): void {
    this.marked = this.snapshot();
  }

  rewind(): void {
    if (this.marked === null) throw new BackfireError('internal', 'rewind() without mark()');
    this.reinstate(this.marked);
  }

  checkpoint(): Promise<Checkpoint> {
    return Promise.resolve(this.snapshot());
  }

  restore(checkpoint: Checkpoint): Promise<void> {
    this.reinstate(checkpoint);
    return Promise.resolve();
  }

  distributions(): Promise<Float64Array> {
    return Promise.resolve(Float64Array.from(this.memory.ring[this.machine.round % 3]));
  }

  tables(): Promise<Float64Array | null> {
    const { kept } = this.memory;
    return Promise.resolve(this.ensemble.ecosystem.pairs === null ? null : Float64Array.from(kept));
  }

  preferences(): Float64Array {
    return Float64Array.from(this.memory.preferences);
  }

  counts(): Promise<Uint32Array | null> {
    const plan = planFinite(this.ensemble);
    if (plan === null) return Promise.resolve(null);
    const { models, outcomeCount } = this.ensemble.ecosystem;
    const replicates = this.ensemble.stream.length;
    return Promise.resolve(
      countsOfAllModels(this.memory.counts, plan.models, replicates, models.length, outcomeCount),
    );
  }
}

/** All work on the calling thread, which is given back every few milliseconds. */
class LocalSimulation extends CpuSimulation {
  /** When the calling thread last had a turn; kept between chunks, which may be shorter than a slice. */
  private sliceStart = performance.now();

  constructor(ensemble: Ensemble, stable: SimulationOptions['stable']) {
    super(ensemble, stable, (bytes) => new ArrayBuffer(bytes));
  }

  protected async runChunk(rounds: number): Promise<void> {
    this.machine.startChunk(this.machine.round);
    for (let k = 0; k < rounds; k++) {
      for (const phase of this.machine.phases) {
        for (let item = 0; item < phase.items; item++) {
          phase.run(item);
          if (performance.now() - this.sliceStart > SLICE_MS) {
            await new Promise((resolve) => setTimeout(resolve, 0));
            this.sliceStart = performance.now();
          }
        }
      }
      this.machine.finishRound();
    }
  }

  destroy(): void {
    // Memory goes with the object.
  }
}

/** Work shared by worker threads over shared memory. */
class TeamSimulation extends CpuSimulation {
  private readonly workers: WorkerPort[] = [];
  private readonly barrier = new Int32Array(new SharedArrayBuffer(12));
  private readonly size: number;

  private constructor(
    ensemble: Ensemble,
    stable: SimulationOptions['stable'],
    spawn: () => WorkerPort,
    threads: number,
  ) {
    super(ensemble, stable, (bytes) => new SharedArrayBuffer(bytes));
    this.size = threads;
    for (let index = 0; index < threads; index++) this.workers.push(spawn());
  }

  static async create(
    ensemble: Ensemble,
    stable: SimulationOptions['stable'],
    spawn: () => WorkerPort,
    threads: number,
  ): Promise<TeamSimulation> {
    const team = new TeamSimulation(ensemble, stable, spawn, threads);
    const { memory, size, barrier } = team;
    try {
      await team.tell((index) => ({ kind: 'setup', ensemble, memory, stable, index, size, barrier }));
    } catch (error) {
      team.destroy();
      throw error;
    }
    return team;
  }

  /** Sends every worker its message and waits for all answers; one that fails releases the others. */
  private async tell(message: (index: number) => TeamMessage): Promise<void> {
    const replies = await Promise.all(
      this.workers.map(
        (worker, index) =>
          new Promise<TeamReply>((resolve) => {
            worker.listen((reply) => {
              if (reply.kind === 'failed') breakBarrier(this.barrier);
              resolve(reply);
            });
            worker.post(message(index));
          }),
      ),
    );
    const reasons = replies.flatMap((reply) => (reply.kind === 'failed' ? [reply.message] : []));
    const reason = reasons.find((text) => !text.includes(RELEASED)) ?? reasons.at(0);
    if (reason !== undefined) throw new BackfireError('internal', `A CPU worker failed — ${reason}`);
  }

  protected async runChunk(rounds: number): Promise<void> {
    const round = this.machine.round;
    await this.tell(() => ({ kind: 'run', round, rounds }));
    this.machine.startChunk(round + rounds);
  }

  destroy(): void {
    for (const worker of this.workers.splice(0)) worker.terminate();
  }
}
