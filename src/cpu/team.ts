/**
 * Threads that run a machine's phases together. The threads meet at a barrier after every phase; they share memory and
 * never the host's event loop, which stays free.
 */
import type { Ensemble } from '../scenario/ecosystem.ts';
import { CpuMachine } from './machine.ts';
import type { CpuMemory } from './memory.ts';

/** What the host and a worker say to each other. */
export type TeamMessage =
  | {
      readonly kind: 'setup';
      readonly ensemble: Ensemble;
      readonly memory: CpuMemory;
      readonly stable: readonly Float64Array[] | null;
      readonly index: number;
      readonly size: number;
      /** [threads waiting, generation, failed]: the barrier. */
      readonly barrier: Int32Array;
    }
  | { readonly kind: 'run'; readonly round: number; readonly rounds: number };

export type TeamReply = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly message: string };

/** A worker as the host sees it; Node's and the browser's differ only in how messages arrive. */
export interface WorkerPort {
  post(message: TeamMessage): void;
  /** One listener at a time. */
  listen(onReply: (reply: TeamReply) => void): void;
  terminate(): void;
}

/** What a thread says that gave up because another one had failed. */
export const RELEASED = 'another worker failed';

const WAITING = 0;
const GENERATION = 1;
const FAILED = 2;
const WAIT_MS = 200; // a failure between a look and the wait is seen this much later
const SPINS = 2_000; // a phase ends within microseconds more often than not

const failed = (barrier: Int32Array): boolean => Atomics.load(barrier, FAILED) !== 0;

/** Ends the wait of every thread of the team, now and later. */
export function breakBarrier(barrier: Int32Array): void {
  Atomics.store(barrier, FAILED, 1);
  Atomics.add(barrier, GENERATION, 1);
  Atomics.notify(barrier, GENERATION);
}

/** Waits for all threads of the team; false when one of them has failed. */
function meet(barrier: Int32Array, size: number): boolean {
  const generation = Atomics.load(barrier, GENERATION);
  if (Atomics.add(barrier, WAITING, 1) === size - 1) {
    Atomics.store(barrier, WAITING, 0);
    Atomics.add(barrier, GENERATION, 1);
    Atomics.notify(barrier, GENERATION);
  } else {
    for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(barrier, GENERATION) !== generation) break;
    while (Atomics.load(barrier, GENERATION) === generation && !failed(barrier)) {
      Atomics.wait(barrier, GENERATION, generation, WAIT_MS);
    }
  }
  return !failed(barrier);
}

/** Runs inside a worker: answers the host's messages for as long as it lives. */
export function serveTeam(reply: (message: TeamReply) => void): (message: TeamMessage) => void {
  let machine: CpuMachine | null = null;
  let team: Readonly<{ index: number; size: number; barrier: Int32Array }> = {
    index: 0,
    size: 1,
    barrier: new Int32Array(3),
  };
  return (message) => {
    try {
      if (message.kind === 'setup') {
        machine = new CpuMachine(message.ensemble, message.memory, message.stable);
        team = message;
      } else if (machine) {
        machine.startChunk(message.round);
        for (let k = 0; k < message.rounds; k++) {
          for (const phase of machine.phases) {
            for (let item = team.index; item < phase.items; item += team.size) phase.run(item);
            if (!meet(team.barrier, team.size)) throw new Error(RELEASED);
          }
          machine.finishRound();
        }
      }
      reply({ kind: 'done' });
    } catch (error) {
      breakBarrier(team.barrier);
      reply({
        kind: 'failed',
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
  };
}
