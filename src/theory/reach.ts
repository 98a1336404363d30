/** Which outcomes a model can ever produce: those of its start, of its real data, and of every producer it trains on. */
import type { Ecosystem } from '../scenario/ecosystem.ts';
import type { Channel, Mixing } from './mixing.ts';
import type { Places } from './pair_places.ts';

/** Of a System, what says where mass can go. */
interface Routes {
  readonly ecosystem: Ecosystem;
  readonly modelCount: number;
  readonly outcomeCount: number;
  readonly mixing: Mixing;
  readonly channels: readonly Channel[];
  readonly places: Places | null;
  real(model: number): Float64Array;
}

/**
 * 1 where reachable, [model][outcome]; `withTables` also where a table that is only partly retrained holds something. Newton's
 * rounding must not put mass elsewhere: a loop may amplify the trace.
 */
export function reachable(routes: Routes, start: Float64Array, withTables = true): Uint8Array {
  const { modelCount, outcomeCount, mixing, channels, ecosystem, places } = routes;
  const reach = new Uint8Array(modelCount * outcomeCount);
  for (let i = 0; i < modelCount; i++) {
    const real = ecosystem.parameters.realWeight[i] > 0 ? routes.real(i) : null;
    for (let v = 0; v < outcomeCount; v++) {
      const at = i * outcomeCount + v;
      const kept =
        withTables &&
        places !== null &&
        ecosystem.parameters.trainingRate[i] < 1 &&
        places.initialTable[i][v] > 0;
      reach[at] = start[at] > 0 || (real !== null && real[v] > 0) || kept ? 1 : 0;
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
