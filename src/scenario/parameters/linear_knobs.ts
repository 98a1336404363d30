/** Parameters of the family `linear-gaussian`. */
import type { LinearModelSpec, MapSpec } from '../families/linear_gaussian_schema.ts';
import { LIMITS } from '../limits.ts';
import type { Path } from '../problems.ts';
import { pathText } from '../problems.ts';
import type { Knobs } from './knob.ts';
import { matrixTimes } from './rewards.ts';
import { addPopulation } from './training_knobs.ts';

/** Parameters of one model. */
export function addLinearModel(
  knobs: Knobs,
  name: string,
  spec: LinearModelSpec,
  sourceCounts: 'multinomial' | 'fixed',
): void {
  const base = ['models', name];
  const group = `model ${name}`;
  const add = (
    keys: Path,
    title: string,
    value: number,
    range: readonly [number, number],
    allowed: readonly [number, number] = [0, LIMITS.coordinate],
  ): void => {
    const path = [...base, ...keys];
    knobs.add({
      id: pathText(path),
      title,
      group,
      value,
      range,
      allowed,
      changes: (number) => [{ path, value: number }],
    });
  };
  if (spec.shift === undefined) {
    const reason = `curation moves the mean of ${name} nowhere — write its "shift" first`;
    for (const key of ['curation', 'shift']) knobs.refuse(pathText([...base, key]), reason);
  } else {
    add(['curation'], `curation of ${name}`, spec.curation, [0, 1], [0, 1]);
    addShift(knobs, name, spec.shift);
  }
  for (const [producer, map] of Object.entries(spec.maps)) addMap(knobs, name, producer, map);
  add(['noise'], `noise of ${name}`, spec.noise, [0, Math.max(1, 2 * spec.noise)]);
  const { quadratic } = spec.reward;
  add(['reward', 'quadratic'], `curvature of the reward of ${name}`, quadratic, [
    0,
    Math.max(1, 2 * quadratic),
  ]);
  const most = sourceCounts === 'multinomial' ? LIMITS.binomialPopulation : LIMITS.population;
  addPopulation(knobs, { base, group, of: name }, spec.population, { most });
}

/** How much of a map or shift is left at the low end: at 0 its direction would be lost. */
const LITTLE = 0.05;

/** Its length; the direction stays. */
function addShift(knobs: Knobs, name: string, shift: readonly number[]): void {
  const path = ['models', name, 'shift'];
  const length = Math.hypot(...shift);
  if (length === 0) {
    knobs.refuse(pathText(path), `the shift of ${name} is 0 and has no direction — write one first`);
    return;
  }
  knobs.add({
    id: pathText(path),
    title: `length of the shift of ${name}`,
    group: `model ${name}`,
    value: length,
    range: [LITTLE * length, 2 * length],
    allowed: [Number.MIN_VALUE, LIMITS.coordinate],
    changes: (value) => [{ path, value: shift.map((x) => x * (value / length)) }],
  });
}

/** Its largest entry, or largest factor; the rest keeps its ratio. Larger maps may let the means grow without bound. */
function addMap(knobs: Knobs, name: string, producer: string, map: MapSpec): void {
  const path = ['models', name, 'maps', producer];
  const entries =
    typeof map === 'number' ? [map] : 'blocks' in map ? map.blocks.map(({ scale }) => scale) : map.flat();
  const size = entries.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
  if (size === 0) {
    knobs.refuse(pathText(path), `the map from ${producer} to ${name} is 0 — write one first`);
    return;
  }
  const times = (factor: number): unknown =>
    typeof map !== 'number' && 'blocks' in map
      ? { blocks: map.blocks.map((block) => ({ ...block, scale: block.scale * factor })) }
      : matrixTimes(map, factor);
  knobs.add({
    id: pathText(path),
    title: `map from ${producer} to ${name}`,
    group: `model ${name}`,
    value: size,
    range: [LITTLE * size, size],
    allowed: [Number.MIN_VALUE, LIMITS.coordinate],
    changes: (value) => [{ path, value: times(value / size) }],
  });
}
