/** Groups of models that feed each other, directly or through others: the strongly connected components (Tarjan 1972). */
import type { System } from './system.ts';

/** Producers of each model, itself left out. */
function producersOf({ modelCount, mixing, channels }: System): number[][] {
  return Array.from({ length: modelCount }, (_, i) => {
    const producers = new Set<number>();
    for (let t = mixing.start[i]; t < mixing.start[i + 1]; t++) {
      const row = mixing.row[t];
      producers.add(row < modelCount ? row : channels[row - modelCount].producer);
    }
    producers.delete(i);
    return [...producers];
  });
}

/** Members of every component, ascending. */
export function components(system: System): number[][] {
  const producers = producersOf(system);
  const count = system.modelCount;
  const index = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const next = new Uint32Array(count);
  const waiting = new Uint8Array(count);
  const stack: number[] = [];
  const path: number[] = [];
  const result: number[][] = [];
  let visited = 0;
  const enter = (model: number): void => {
    index[model] = low[model] = visited++;
    waiting[model] = 1;
    stack.push(model);
    path.push(model);
  };
  for (let root = 0; root < count; root++) {
    if (index[root] >= 0) continue;
    enter(root);
    while (path.length > 0) {
      const model = path[path.length - 1];
      if (next[model] < producers[model].length) {
        const producer = producers[model][next[model]++];
        if (index[producer] < 0) enter(producer);
        else if (waiting[producer] === 1) low[model] = Math.min(low[model], index[producer]);
        continue;
      }
      path.pop();
      if (path.length > 0) low[path[path.length - 1]] = Math.min(low[path[path.length - 1]], low[model]);
      if (low[model] !== index[model]) continue;
      const members: number[] = [];
      for (let member = -1; member !== model;) {
        member = stack.pop() ?? model;
        waiting[member] = 0;
        members.push(member);
      }
      result.push(members.sort((a, b) => a - b));
    }
  }
  return result;
}
