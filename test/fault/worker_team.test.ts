/** The CPU backend's worker threads: their number changes nothing, and a worker that fails ends the run with a reason. */
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { createCpuBackend } from '../../src/engine/cpu/simulation.ts';
import type { TeamReply, WorkerPort } from '../../src/cpu/team.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import { randomEnsemble } from '../support/ecosystems.ts';

const built = nodePlatform(new URL('../../dist/worker.js', import.meta.url));
const ensemble = randomEnsemble(5, {
  models: 6,
  outcomes: 3000,
  candidates: [4, Infinity],
  population: [0, 150_000, 2_000],
  trainingRate: [1, 0.3],
  replicates: 2,
});

const keeping = randomEnsemble(6, {
  models: 4,
  outcomes: 3000,
  candidates: [4, Infinity],
  population: [0, 300_000, 2_000, 0],
  retention: [
    { kind: 'accumulate' },
    { kind: 'accumulate-subsample' },
    { kind: 'window', rounds: 2 },
    { kind: 'window', rounds: 3 },
  ],
  replicates: 2,
});

async function run(threads: number, update: 'synchronous' | 'sequential', of = ensemble) {
  const backend = createCpuBackend({ spawn: built.spawnWorker, threads, memoryLimit: 2 ** 33 });
  const used = { ...of, ecosystem: { ...of.ecosystem, update } };
  const simulation = await backend.createSimulation(used, { stable: null });
  const measures = [await simulation.advance(2), await simulation.advance(3)];
  const result = {
    measures,
    counts: await simulation.counts(),
    distributions: await simulation.distributions(),
  };
  simulation.destroy();
  return result;
}

describe.each(['synchronous', 'sequential'] as const)('%s rounds', (update) => {
  it('give the same bits on one, two, three and five threads', async () => {
    const alone = await run(1, update);
    expect(alone.counts?.some((count) => count > 0)).toBe(true);
    for (const threads of [2, 3, 5]) expect(await run(threads, update)).toEqual(alone);
  });

  it('give the same bits where old data are kept', async () => {
    const alone = await run(1, update, keeping);
    for (const threads of [2, 3]) expect(await run(threads, update, keeping)).toEqual(alone);
  });
});

it('a worker that dies ends the run with its message', async () => {
  const broken = (): WorkerPort => ({
    post: () => undefined,
    listen: (onReply) => {
      setTimeout(() => {
        onReply({ kind: 'failed', message: 'out of luck' });
      }, 1);
    },
    terminate: () => undefined,
  });
  const backend = createCpuBackend({ spawn: broken, threads: 2, memoryLimit: 2 ** 33 });
  await expect(backend.createSimulation(ensemble, { stable: null })).rejects.toThrow(
    /worker failed — out of luck/,
  );
});

it('a worker thread that is killed in mid-run releases the others and ends the run', async () => {
  const ports: WorkerPort[] = [];
  const spawn = (): WorkerPort => {
    const worker = new Worker(new URL('../../dist/worker.js', import.meta.url));
    let listener: Parameters<WorkerPort['listen']>[0] = () => undefined;
    worker.on('message', (reply: TeamReply) => {
      listener(reply);
    });
    worker.on('exit', (code) => {
      listener({ kind: 'failed', message: `the thread ended with code ${code}` });
    });
    const port: WorkerPort = {
      post: (message) => {
        worker.postMessage(message);
      },
      listen: (onReply) => {
        listener = onReply;
      },
      terminate: () => {
        void worker.terminate();
      },
    };
    ports.push(port);
    return port;
  };
  const backend = createCpuBackend({ spawn, threads: 2, memoryLimit: 2 ** 33 });
  const simulation = await backend.createSimulation(ensemble, { stable: null });
  const rounds = simulation.advance(5_000);
  setTimeout(() => {
    ports[1].terminate();
  }, 300);
  await expect(rounds).rejects.toThrow(/worker failed — the thread ended with code/);
  simulation.destroy();
});
