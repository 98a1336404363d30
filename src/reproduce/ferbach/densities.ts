/** The two planar data sets of the experiments as densities on a grid of cells, and the reward over the plane. */

export const SIDE = 64;

export interface Plane {
  readonly name: string;
  readonly title: string;
  /** The square [low, high]² of each axis, by its lower corner and width. */
  readonly left: number;
  readonly bottom: number;
  readonly width: number;
  /** Probability of every cell, row by row from below. */
  readonly density: Float64Array;
  readonly reward: Float64Array;
  /** Where the reward is flat: a disc. */
  readonly centre: readonly [number, number];
  readonly radius: number;
  /** Modes or strands whose masses are followed. */
  readonly modes: readonly (readonly [number, number])[];
}

/** r(x) = −γ max(0, |x − μ| − r_min). */
const STEEPNESS = 10;

interface Shape {
  readonly name: string;
  readonly title: string;
  readonly left: number;
  readonly bottom: number;
  readonly width: number;
  readonly centre: readonly [number, number];
  readonly radius: number;
  readonly modes: readonly (readonly [number, number])[];
  /** Points the data lie around, and the standard deviation around them. */
  readonly points: readonly (readonly [number, number])[];
  readonly spread: number;
}

/** Eight Gaussians on a ring. γ = 10, r_min = 3 and μ = (2, 0) as in the published code of Wei and Zhang (2025). */
export function ring(radius: number): Plane {
  const points = Array.from({ length: 8 }, (_, k): [number, number] => [
    radius * Math.cos((k * Math.PI) / 4),
    radius * Math.sin((k * Math.PI) / 4),
  ]);
  const half = radius + 0.8;
  return plane({
    name: 'ring',
    title: 'Ring',
    left: -half,
    bottom: -half,
    width: 2 * half,
    centre: [2, 0],
    radius: 3,
    modes: points,
    points,
    spread: 0.15,
  });
}

/** Two interleaving half circles; μ = (−0.5, 0.5) and r_min = 0.9 favour the left half of the upper one. */
export function moons(): Plane {
  const steps = 200;
  const upper = Array.from({ length: steps }, (_, k): [number, number] => {
    const angle = (Math.PI * (k + 0.5)) / steps;
    return [Math.cos(angle), Math.sin(angle)];
  });
  const lower = upper.map(([x, y]): [number, number] => [1 - x, 0.5 - y]);
  return plane({
    name: 'moons',
    title: 'Moons',
    left: -1.5,
    bottom: -1.75,
    width: 4,
    centre: [-0.5, 0.5],
    radius: 0.9,
    modes: [],
    points: [...upper, ...lower],
    spread: 0.1,
  });
}

function plane({ points, spread, ...shape }: Shape): Plane {
  const density = new Float64Array(SIDE * SIDE);
  const reward = new Float64Array(SIDE * SIDE);
  for (let v = 0; v < density.length; v++) {
    const [x, y] = cellMiddle(shape, v);
    for (const [px, py] of points) {
      density[v] += Math.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * spread * spread));
    }
    const beyond = Math.hypot(x - shape.centre[0], y - shape.centre[1]) - shape.radius;
    reward[v] = beyond > 0 ? -STEEPNESS * beyond : 0;
  }
  const total = density.reduce((sum, mass) => sum + mass, 0);
  return { ...shape, density: density.map((mass) => mass / total), reward };
}

/** Middle of cell `v`. */
export function cellMiddle(
  { left, bottom, width }: Pick<Plane, 'left' | 'bottom' | 'width'>,
  v: number,
): [number, number] {
  const size = width / SIDE;
  return [left + ((v % SIDE) + 0.5) * size, bottom + (Math.floor(v / SIDE) + 0.5) * size];
}

/** Mass of the cells nearest to each mode. */
export function modeMasses(plane: Plane, p: Float64Array): number[] {
  const masses = plane.modes.map(() => 0);
  for (let v = 0; v < p.length; v++) {
    const [x, y] = cellMiddle(plane, v);
    let nearest = 0;
    plane.modes.forEach(([mx, my], k) => {
      const [nx, ny] = plane.modes[nearest];
      if (Math.hypot(x - mx, y - my) < Math.hypot(x - nx, y - ny)) nearest = k;
    });
    masses[nearest] += p[v];
  }
  return masses;
}
