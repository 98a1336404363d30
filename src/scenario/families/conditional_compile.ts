/** From a checked conditional scenario to numbers. */
import { DistributionPool } from '../distribution_pool.ts';
import type { Axis, Curator, Ecosystem, Pairs } from '../ecosystem.ts';
import { replaceAll } from '../ecosystem.ts';
import { distributionOf, rewardOf } from '../evaluate.ts';
import { withScenarioHash } from '../hash.ts';
import type { Outcomes } from '../outcomes.ts';
import type { ScenarioDocument } from '../schema.ts';
import type { PairParts } from './conditional_parts.ts';
import { rewardRows, tableRows } from './conditional_rows.ts';
import type { PairCuratorSpec, PairModelSpec, TableSpec } from './conditional_schema.ts';
import { planNetwork } from './model_plan.ts';

/** The ecosystem of a document whose parts are free of problems. */
export function compileConditional(
  document: ScenarioDocument,
  parts: PairParts,
  inputs: Outcomes,
  outputs: Outcomes,
): Ecosystem {
  const models = new Map<string, PairModelSpec>();
  for (const [name, model] of parts.models) if (model !== null) models.set(name, model);
  const specs = [...models.values()];
  const outcomeCount = inputs.count * outputs.count;
  const plan = planNetwork(models, parts.curators.keys());
  const pool = new DistributionPool({ count: outcomeCount, labels: null, table: null });
  const realOf = new Uint32Array(specs.length);
  const initialOf = new Uint32Array(specs.length);
  const tables: Float64Array[] = [];
  specs.forEach((model, i) => {
    const real = tableOf(model.real, inputs, outputs);
    const initial = model.initial === 'real' ? real : tableOf(model.initial, inputs, outputs);
    const own = distributionOf(model.inputs, inputs);
    const first = model.initialInputs === undefined ? own : distributionOf(model.initialInputs, inputs);
    const joint = jointOf(first, initial);
    realOf[i] = pool.intern(jointOf(own, real));
    initialOf[i] = pool.intern(joint);
    tables.push(model.generates === 'outputs' ? initial : inputsGivenOutputs(joint, first));
  });
  const pairs: Pairs = {
    inputs: inputs.count,
    outputs: outputs.count,
    inputLabels: inputs.labels,
    outputLabels: outputs.labels,
    generates: specs.map(({ generates }): Axis => generates),
    initialTable: tables,
  };
  const ecosystem = {
    name: document.name,
    description: document.description,
    family: 'conditional' as const,
    models: plan.names,
    outcomeCount,
    labels: pairLabels(inputs, outputs),
    distributions: pool.distributions,
    realOf,
    initialOf,
    curatorOf: plan.curatorOf,
    edges: plan.edges,
    parameters: {
      realWeight: plan.realWeight,
      edgeWeight: plan.edgeWeight,
      curators: curatorsOf(parts, inputs, outputs),
      population: plan.population,
      trainingRate: Float64Array.from(specs, ({ trainingRate }) => trainingRate),
    },
    retention: replaceAll(specs.length),
    pairs,
    update: document.update,
    rounds: document.rounds,
    tolerance: document.tolerance,
    seed: document.seed,
    replicates: document.replicates,
  };
  return withScenarioHash(ecosystem);
}

/** P(output|input), [input][output]. */
function tableOf(table: TableSpec, inputs: Outcomes, outputs: Outcomes): Float64Array {
  const rows = tableRows(table).rows.map((row) => distributionOf(row, outputs));
  return stacked(rows, inputs.count, outputs.count);
}

/** One row for all inputs, or one per input. */
function stacked(rows: readonly Float64Array[], inputs: number, outputs: number): Float64Array {
  const out = new Float64Array(inputs * outputs);
  for (let x = 0; x < inputs; x++) out.set(rows[rows.length === 1 ? 0 : x], x * outputs);
  return out;
}

function jointOf(law: Float64Array, table: Float64Array): Float64Array {
  const outputs = table.length / law.length;
  return table.map((p, v) => law[Math.floor(v / outputs)] * p);
}

/** P(input|output) of a joint law; outputs that never occur say nothing about their inputs, which then follow `law`. */
function inputsGivenOutputs(joint: Float64Array, law: Float64Array): Float64Array {
  const outputs = joint.length / law.length;
  const mass = new Float64Array(outputs);
  joint.forEach((p, v) => (mass[v % outputs] += p));
  return joint.map((p, v) => (mass[v % outputs] > 0 ? p / mass[v % outputs] : law[Math.floor(v / outputs)]));
}

function curatorsOf(parts: PairParts, inputs: Outcomes, outputs: Outcomes): Curator[] {
  const curators: Curator[] = [];
  for (const [name, spec] of parts.curators) {
    if (spec !== null) curators.push(curatorOf(name, spec, inputs, outputs));
  }
  return curators;
}

function curatorOf(name: string, spec: PairCuratorSpec, inputs: Outcomes, outputs: Outcomes): Curator {
  const rows = rewardRows(spec.reward).rows.map((row) => rewardOf(row, outputs));
  return {
    name,
    reward: stacked(rows, inputs.count, outputs.count).map((value) => value + 0), // −0 + 0 is 0
    temperature: spec.temperature,
    candidates: spec.candidates === 'infinite' ? Infinity : spec.candidates,
    rule: spec.rule,
  };
}

/** Beyond this many, labels made of two labels would take more memory than the numbers. */
const MAX_LABELS = 2 ** 20;

/** "input → output"; null where neither has labels. */
function pairLabels(inputs: Outcomes, outputs: Outcomes): string[] | null {
  if (inputs.labels === null && outputs.labels === null) return null;
  if (inputs.count * outputs.count > MAX_LABELS) return null;
  const name = ({ labels, noun }: Outcomes, index: number): string =>
    labels === null ? `${noun ?? 'outcome'} ${index}` : labels[index];
  const made: string[] = [];
  for (let x = 0; x < inputs.count; x++) {
    for (let y = 0; y < outputs.count; y++) made.push(`${name(inputs, x)} → ${name(outputs, y)}`);
  }
  return made;
}
