/** Which outcomes a model can ever produce: those of its start, of its real data, and of every producer it trains on. */
import type { System } from './system.ts';

/** 1 where reachable, [model][outcome]. Newton's rounding must not put mass elsewhere: a loop may amplify the trace. */
export function reachable(system: System, start: Float64Array): Uint8Array {
  const { modelCount, outcomeCount, mixing, channels, ecosystem } = system;
  const reach = new Uint8Array(modelCount * outcomeCount);
  for (let i = 0; i < modelCount; i++) {
    const real = ecosystem.parameters.realWeight[i] > 0 ? system.real(i) : null;
    for (let v = 0; v < outcomeCount; v++) {
      const at = i * outcomeCount + v;
      reach[at] = start[at] > 0 || (real !== null && real[v] > 0) ? 1 : 0;
    }
  }
  const producers = Array.from({ length: modelCount }, (_, i) => {
    const rows = mixing.row.subarray(mixing.start[i], mixing.start[i + 1]);
    return [
      ...new Set(Array.from(rows, (row) => (row < modelCount ? row : channels[row - modelCount].producer))),
    ];
  });
  for (let changed = true; changed;) {
    changed = false;
    for (let i = 0; i < modelCount; i++) {
      for (const j of producers[i]) {
        for (let v = 0; v < outcomeCount; v++) {
          if (reach[j * outcomeCount + v] > reach[i * outcomeCount + v]) {
            reach[i * outcomeCount + v] = 1;
            changed = true;
          }
        }
      }
    }
  }
  return reach;
}
