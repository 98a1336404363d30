/** The engine's platform in Node: Dawn for WebGPU, worker threads for the CPU. */
import { availableParallelism, totalmem } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { TeamReply, WorkerPort } from '../cpu/team.ts';
import type { Platform } from '../engine/platform.ts';

/** The object Dawn's create() returns must outlive its devices: collecting it ends the process. */
const opened: GPU[] = [];

async function openGpu(): Promise<GPU | { readonly missing: string }> {
  try {
    const { create } = await import('webgpu');
    const gpu = create([]);
    opened.push(gpu);
    return gpu;
  } catch (error) {
    return {
      missing: `the optional package "webgpu" (Dawn) could not be loaded: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function spawn(url: URL): WorkerPort {
  const worker = new Worker(url);
  let listener: ((reply: TeamReply) => void) | null = null;
  const answer = (reply: TeamReply): void => {
    listener?.(reply);
  };
  worker.on('message', answer);
  worker.on('error', (error) => {
    answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  });
  worker.on('exit', (code) => {
    answer({ kind: 'failed', message: `the thread ended with code ${code}` });
  });
  return {
    post: (message) => {
      worker.postMessage(message);
    },
    listen: (onReply) => {
      listener = onReply;
    },
    terminate: () => {
      listener = null;
      void worker.terminate();
    },
  };
}

/** `workerUrl` names the built worker script (dist/worker.js). */
export function nodePlatform(workerUrl: URL): Platform {
  return {
    runtime: `Node.js ${process.versions.node} on ${process.platform} ${process.arch}`,
    openGpu,
    spawnWorker: () => spawn(workerUrl),
    threads: availableParallelism(),
    memoryLimit: Math.floor(totalmem() * 0.75),
  };
}
