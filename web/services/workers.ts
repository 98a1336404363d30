/** The page's two workers and the way their answers become values or errors. */
import { wrap } from 'comlink';
import type { Remote } from 'comlink';
import type { LabWorker } from '../worker/lab_worker.ts';
import type { Answer, Failure } from '../worker/protocol.ts';

export type RemoteLab = Remote<LabWorker>;

/** A failure in the worker, on the page. */
export class LabError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
    this.name = 'LabError';
  }
}

export interface Workers {
  /** Runs, maps and measurements; owns the GPU device. */
  readonly device: RemoteLab;
  readonly theory: RemoteLab;
}

export function startWorkers(onBroken: (message: string) => void): Workers {
  const start = (name: string): RemoteLab => {
    const worker = new Worker(new URL('../worker/lab_worker.ts', import.meta.url), { type: 'module', name });
    worker.addEventListener('error', (event) => {
      onBroken(
        `The page's ${name} worker could not go on — ${event.message || 'it did not start'}. Reload the page.`,
      );
    });
    return wrap<LabWorker>(worker);
  };
  return { device: start('device'), theory: start('theory') };
}

/** The value, or LabError. */
export async function valueOf<T>(answer: Promise<Answer<T>>): Promise<T> {
  const given = await answer;
  if (given.ok) return given.value;
  throw new LabError(given.failure);
}

/** What to show for anything that was thrown. */
export function failureFrom(error: unknown): Failure {
  if (error instanceof LabError) return error.failure;
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'unforeseen',
    message: `An error nobody foresaw — ${message}. Please report it.`,
    problems: [],
  };
}
