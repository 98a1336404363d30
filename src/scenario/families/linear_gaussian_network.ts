/** The links of a linear-gaussian scenario as matrices. */
import type { LinearNetwork } from '../linear_update.ts';
import { portableRotation } from '../portable_math.ts';
import type { LinearModelSpec, MapSpec } from './linear_gaussian_schema.ts';

/** The maps as an edge list; a consumer's producers come in the order of models, whatever the order of keys. */
export function networkOf(dimension: number, models: ReadonlyMap<string, LinearModelSpec>): LinearNetwork {
  const index = new Map([...models.keys()].map((name, i) => [name, i]));
  const start = new Uint32Array(models.size + 1);
  const producers: number[] = [];
  const maps: Float64Array[] = [];
  [...models.values()].forEach((model, consumer) => {
    const links = Object.entries(model.maps).map(([name, map]) => ({ producer: index.get(name) ?? 0, map }));
    links.sort((a, b) => a.producer - b.producer);
    for (const { producer, map } of links) {
      producers.push(producer);
      maps.push(matrixOf(map, dimension));
    }
    start[consumer + 1] = producers.length;
  });
  return { dimension, edges: { start, producer: Uint32Array.from(producers) }, maps };
}

/** d×d, row-major. */
function matrixOf(map: MapSpec, dimension: number): Float64Array {
  const matrix = new Float64Array(dimension * dimension);
  if (typeof map === 'number') {
    for (let k = 0; k < dimension; k++) matrix[k * dimension + k] = map + 0; // −0 + 0 is 0
    return matrix;
  }
  if ('blocks' in map) {
    map.blocks.forEach(({ scale, degrees }, b) => {
      const [cosine, sine] = portableRotation(degrees);
      const corner = 2 * b * dimension + 2 * b;
      matrix[corner] = matrix[corner + dimension + 1] = scale * cosine + 0;
      matrix[corner + 1] = -scale * sine + 0;
      matrix[corner + dimension] = scale * sine + 0;
    });
    return matrix;
  }
  map.forEach((row, k) =>
    matrix.set(
      row.map((value) => value + 0),
      k * dimension,
    ),
  );
  return matrix;
}
