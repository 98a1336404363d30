/** Places for many models, by forces (Fruchterman and Reingold 1991; d3-force, Verlet steps with Barnes and Hut's sums). */
import { forceLink, forceManyBody, forceSimulation, forceX, forceY } from 'd3-force';
import type { SimulationNodeDatum } from 'd3-force';
import type { LayoutRequest } from './protocol.ts';

/** Forces act for this many steps; the same places follow from the same graph. */
const STEPS = 300;
/** Of graphs with more links only the strongest pull. */
const MOST_LINKS = 20_000;
const SPACING = 24;
/** Other answers of the worker come between pieces of this length. */
const PIECE_MS = 30;

interface Body extends SimulationNodeDatum {
  x: number;
  y: number;
}

/** [model][x, y] within −1 … 1, with the proportions kept; throws AbortError when the signal says so. */
export async function layoutOf(request: LayoutRequest, signal: AbortSignal): Promise<Float32Array> {
  const bodies = startOf(request.models);
  const links = linksOf(request);
  const simulation = forceSimulation<Body>(bodies)
    .force('link', forceLink(links).distance(SPACING).iterations(2))
    .force(
      'charge',
      forceManyBody()
        .strength(-SPACING)
        .distanceMax(60 * SPACING),
    )
    .force('x', forceX(0).strength(0.03))
    .force('y', forceY(0).strength(0.03))
    .alphaDecay(1 - 0.001 ** (1 / STEPS))
    .stop();
  let piece = performance.now();
  for (let step = 0; step < STEPS; step++) {
    simulation.tick();
    if (performance.now() - piece < PIECE_MS) continue;
    await new Promise((wait) => setTimeout(wait));
    signal.throwIfAborted();
    piece = performance.now();
  }
  return withinUnit(bodies);
}

/**
 * Along a circle in the order of the models, so that rings, lines and lattices need not be untangled; not all at the same
 * distance, so that a star can spread into a disc.
 */
function startOf(models: number): Body[] {
  const radius = (models * SPACING) / (2 * Math.PI);
  return Array.from({ length: models }, (_, i) => {
    const angle = (2 * Math.PI * i) / models - Math.PI / 2;
    const spread = 0.9 + 0.2 * ((i * 0.6180339887498949) % 1);
    return { x: spread * radius * Math.cos(angle), y: spread * radius * Math.sin(angle) };
  });
}

interface Link {
  readonly source: number;
  readonly target: number;
}

/** Pairs of models that train on each other, either way or both, once each. */
function linksOf({ models, start, producer, weight }: LayoutRequest): Link[] {
  const pairs = new Map<number, number>();
  for (let consumer = 0; consumer < models; consumer++) {
    for (let e = start[consumer]; e < start[consumer + 1]; e++) {
      const other = producer[e];
      if (other === consumer || !(weight[e] > 0)) continue;
      const pair = Math.min(consumer, other) * models + Math.max(consumer, other);
      pairs.set(pair, (pairs.get(pair) ?? 0) + weight[e]);
    }
  }
  const entries = [...pairs];
  const kept =
    entries.length <= MOST_LINKS
      ? entries
      : entries.sort(([a, one], [b, other]) => other - one || a - b).slice(0, MOST_LINKS);
  return kept.map(([pair]) => ({ source: Math.floor(pair / models), target: pair % models }));
}

function withinUnit(bodies: readonly Body[]): Float32Array {
  const xs = bodies.map(({ x }) => x);
  const ys = bodies.map(({ y }) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const half = Math.max(right - left, bottom - top, 1e-9) / 2;
  const points = new Float32Array(2 * bodies.length);
  bodies.forEach(({ x, y }, i) => {
    points[2 * i] = (x - (left + right) / 2) / half;
    points[2 * i + 1] = (y - (top + bottom) / 2) / half;
  });
  return points;
}
