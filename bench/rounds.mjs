/**
 * Milliseconds per round of the presets on both backends, side by side in one run: medians with quartiles, backends
 * alternating so that a busy machine slows both. `npm run bench [-- PRESET …]`; says which adapter it measured.
 */
import { availableParallelism } from 'node:os';
import { create } from 'webgpu';
import {
  createCpuBackend,
  createGpuBackend,
  ensembleOf,
  loadDataset,
  loadScenario,
  PRESETS,
} from '../dist/engine.js';

const REPEATS = 9;
const REPEAT_MS = 120;
const DEFAULT_PRESETS = ['two-eras', 'presidents', 'three-models', 'ring-1000', 'hub-1000'];

const tables = { dataset: loadDataset, csv: () => Promise.reject(new Error('presets read no files')) };
const gpu = create([]); // kept: Dawn ends the process when it is collected
const backends = [
  await createGpuBackend(gpu),
  createCpuBackend({ spawn: null, threads: 1, memoryLimit: 2 ** 33 }),
];

/** Rounds that fill REPEAT_MS, after a warm-up that compiles shaders and functions. */
async function calibrate(simulation) {
  await simulation.advance(3);
  const start = performance.now();
  await simulation.advance(2);
  return Math.max(1, Math.min(512, Math.round((2 * REPEAT_MS) / (performance.now() - start))));
}

async function measure(ensemble) {
  const simulations = await Promise.all(
    backends.map((backend) => backend.createSimulation(ensemble, { stable: null })),
  );
  const rounds = [];
  for (const simulation of simulations) rounds.push(await calibrate(simulation));
  const times = backends.map(() => []);
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (const [k, simulation] of simulations.entries()) {
      const start = performance.now();
      await simulation.advance(rounds[k]);
      times[k].push((performance.now() - start) / rounds[k]);
    }
  }
  for (const simulation of simulations) simulation.destroy();
  return times.map((list) => list.sort((a, b) => a - b));
}

const quantile = (sorted, q) => sorted[Math.round(q * (sorted.length - 1))];
const cell = (sorted) =>
  `${quantile(sorted, 0.5).toPrecision(3)} (${quantile(sorted, 0.25).toPrecision(2)}–${quantile(sorted, 0.75).toPrecision(2)})`;

console.log(`WebGPU: ${backends[0].description}. CPU: one of ${availableParallelism()} threads, float64.`);
console.log(`Milliseconds per round with all metrics: median (quartiles) of ${REPEATS} repeats.\n`);
console.log('| preset | models × outcomes | WebGPU | CPU | CPU / WebGPU |\n|---|---|---|---|---|');
const asked = process.argv.slice(2);
for (const id of asked.length > 0 ? asked : DEFAULT_PRESETS) {
  const preset = PRESETS.find((one) => one.id === id);
  if (preset === undefined) {
    console.error(`There is no preset "${id}". There are ${PRESETS.map((one) => one.id).join(', ')}.`);
    process.exitCode = 2;
    break;
  }
  const ecosystem = await loadScenario(JSON.stringify(preset.document), id, tables);
  const [webgpu, cpu] = await measure(ensembleOf(ecosystem));
  const ratio = quantile(cpu, 0.5) / quantile(webgpu, 0.5);
  const shape = `${ecosystem.models.length} × ${ecosystem.outcomeCount.toLocaleString('en-US')}`;
  console.log(`| ${id} | ${shape} | ${cell(webgpu)} | ${cell(cpu)} | ${ratio.toPrecision(2)} |`);
}
for (const backend of backends) backend.destroy();
