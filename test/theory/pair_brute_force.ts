/** Conditional models the slow and plain way: pools and tables apart, curation by listing every set of candidates. */
import type { Curator, Ecosystem } from '../../src/scenario/ecosystem.ts';

export interface PairState {
  /** [model][given] */
  readonly pools: number[][];
  /** [model][given][made] */
  readonly tables: number[][][];
}

/** Σ over all K-tuples of what the curator keeps; `rewards` of the law's entries. K small and finite. */
export function keptByListing(
  law: readonly number[],
  rewards: readonly number[],
  curator: Curator,
): number[] {
  const kept = law.map(() => 0);
  const visit = (chosen: number[], probability: number): void => {
    if (probability === 0) return;
    if (chosen.length < curator.candidates) {
      law.forEach((p, v) => visit([...chosen, v], probability * p));
      return;
    }
    const best = Math.max(...chosen.map((v) => rewards[v]));
    const weights = chosen.map((v) =>
      curator.rule === 'argmax'
        ? Number(rewards[v] === best)
        : Math.exp((rewards[v] - best) / curator.temperature),
    );
    const total = weights.reduce((a, b) => a + b, 0);
    chosen.forEach((v, k) => (kept[v] += (probability * weights[k]) / total));
  };
  visit([], 1);
  return kept;
}

export class PairLoop {
  readonly state: PairState;
  readonly #ecosystem: Ecosystem;

  constructor(ecosystem: Ecosystem) {
    this.#ecosystem = ecosystem;
    const { pairs, distributions, initialOf, models } = ecosystem;
    if (pairs === null) throw new Error('not conditional');
    this.state = {
      pools: models.map((_, i) => this.#poolOf(i, [...distributions[initialOf[i]]])),
      tables: models.map((_, i) => this.#rows(i, [...pairs.initialTable[i]])),
    };
  }

  get #pairs() {
    const { pairs } = this.#ecosystem;
    if (pairs === null) throw new Error('not conditional');
    return pairs;
  }

  /** Entries of a joint law, or of rewards, as model i sees them: [given][made]. */
  #rows(i: number, flat: readonly number[]): number[][] {
    const { inputs, outputs, generates } = this.#pairs;
    const at = (x: number, y: number): number => flat[x * outputs + y];
    const range = (n: number): number[] => Array.from({ length: n }, (_, k) => k);
    return generates[i] === 'outputs'
      ? range(inputs).map((x) => range(outputs).map((y) => at(x, y)))
      : range(outputs).map((y) => range(inputs).map((x) => at(x, y)));
  }

  #flat(i: number, rows: readonly (readonly number[])[]): number[] {
    const { inputs, outputs, generates } = this.#pairs;
    const flat = new Array<number>(inputs * outputs).fill(0);
    rows.forEach((row, given) =>
      row.forEach((p, made) => {
        flat[generates[i] === 'outputs' ? given * outputs + made : made * outputs + given] = p;
      }),
    );
    return flat;
  }

  #poolOf(i: number, flat: readonly number[]): number[] {
    return this.#rows(i, flat).map((row) => row.reduce((a, b) => a + b, 0));
  }

  joint(i: number): number[] {
    const { pools, tables } = this.state;
    return this.#flat(
      i,
      tables[i].map((row, given) => row.map((p) => p * pools[i][given])),
    );
  }

  #curated(i: number, curator: Curator): number[] {
    const { pools, tables } = this.state;
    const rewards = this.#rows(i, [...curator.reward]);
    return this.#flat(
      i,
      tables[i].map((row, given) =>
        keptByListing(row, rewards[given], curator).map((p) => p * pools[i][given]),
      ),
    );
  }

  /** One model takes over a training law. */
  #train(i: number, law: readonly number[]): void {
    const s = this.#ecosystem.parameters.trainingRate[i];
    const rows = this.#rows(i, law);
    this.state.pools[i] = this.#poolOf(i, law);
    rows.forEach((row, given) => {
      const mass = this.state.pools[i][given];
      if (mass === 0) return;
      this.state.tables[i][given] = row.map(
        (p, made) => (1 - s) * this.state.tables[i][given][made] + (s * p) / mass,
      );
    });
  }

  #mixture(i: number): number[] {
    const { edges, parameters, distributions, realOf } = this.#ecosystem;
    const law = [...distributions[realOf[i]]].map((p) => p * parameters.realWeight[i]);
    for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
      const j = edges.producer[e];
      const data =
        edges.curator[e] < 0 ? this.joint(j) : this.#curated(j, parameters.curators[edges.curator[e]]);
      data.forEach((p, v) => (law[v] += parameters.edgeWeight[e] * p));
    }
    return law;
  }

  round(): void {
    const { models, update } = this.#ecosystem;
    if (update === 'sequential') models.forEach((_, i) => this.#train(i, this.#mixture(i)));
    else models.map((_, i) => this.#mixture(i)).forEach((law, i) => this.#train(i, law));
  }

  run(rounds: number): this {
    for (let t = 0; t < rounds; t++) this.round();
    return this;
  }

  /** J of a model on its own task. */
  reward(i: number): number {
    const { distributions, realOf, curatorOf, parameters } = this.#ecosystem;
    const own = this.#poolOf(i, [...distributions[realOf[i]]]);
    const rewards = this.#rows(i, [...parameters.curators[curatorOf[i]].reward]);
    return own.reduce(
      (sum, share, given) =>
        sum +
        share * this.state.tables[i][given].reduce((mean, p, made) => mean + p * rewards[given][made], 0),
      0,
    );
  }
}
