/** The Gaussian mechanism of "When and How Human Curation Backfires", its figure and what stands behind it. */
import type { Outcome, Reproduction, ReproductionContext, Table } from '../reproduction.ts';
import { authorsComparisons, exactChecks, float32Checks, simulationChecks } from './checks.ts';
import { blockContributions, crossingsAt, exactCurves, SCALES } from './curves.ts';
import type { Curves } from './curves.ts';
import { mechanismFigure } from './figures.ts';
import { float32Curves } from './float32.ts';
import { CURATION } from './mechanism.ts';
import { optimumFigure } from './plane_figure.ts';
import reference from './reference.json' with { type: 'json' };
import { simulate } from './simulate.ts';
import type { Simulated } from './simulate.ts';

/** The authors' script on one EPYC core, without its plots: curves, finite samples and λ-sweeps. */
const AUTHORS_SECONDS = 65.6;

export const fig3: Reproduction = {
  name: 'fig3',
  title:
    'the Gaussian mechanism: curation that looks right at once and turns against a model in the long run',
  summary:
    'All eight panels of the Gaussian figure: exact curves over 250 scales of the loop, finite-sample derivatives, block contributions and rewards against the curated share.',
  source:
    'Zhang, Wei and Zhang, "When and How Human Curation Backfires: Preference Alignment under Multi-Model Self-Consuming Loop" (arXiv 2605.29267, ICML 2026), figure 3, and its code (osu-srml/curationBackfire, MIT licence)',
  run,
};

async function run(context: ReproductionContext): Promise<Outcome> {
  const { onProgress, signal } = context;
  onProgress(0, 'exact curves');
  const curves = exactCurves();
  signal.throwIfAborted();
  const simulated = await simulate({
    ...context,
    onProgress: (part, doing) => onProgress(0.1 + 0.7 * part, doing),
  });
  onProgress(0.85, 'float32 curves');
  const single = await float32Curves(context);
  signal.throwIfAborted();
  onProgress(0.95, 'figures');
  return {
    checks: [
      ...exactChecks(curves),
      ...('reason' in single ? [] : float32Checks(curves, single)),
      ...simulationChecks(simulated),
    ],
    comparisons: authorsComparisons(simulated),
    figures: [await mechanismFigure(curves, simulated), await optimumFigure()],
    tables: tablesOf(curves, simulated),
    findings: findingsOf(simulated, 'reason' in single ? single.reason : null),
  };
}

function findingsOf(simulated: Simulated, noGpu: string | null): string[] {
  const { runs, ms, backend } = simulated;
  const [gainP, gainQ] = [seedsSaved(simulated, 'p'), seedsSaved(simulated, 'q')];
  const q = crossingsAt(CURATION).q[0];
  const linear = crossingsAt(0).q[0];
  return [
    `More curation of θ lowers the reward of φ beyond t = ${q.toFixed(7)}, although the push of curation points along ∇J_q at every scale.`,
    `Part of that is overshoot of the quadratic reward, which an isolated model with this reward has as well: the turn of the push itself sets in at t = ${linear.toFixed(5)}, whatever the curated share.`,
    'The effect on θ itself never changes sign at λ₀ = 0.4; at λ₀ = 0.6 and 0.8 it does, by overshoot.',
    'The published code calls cos∠(∇J_p(θ*), θ*) and cos∠(∇J_q(φ*), A a) its alignment proxies; its text defines the first as cos∠(g_p, a). The figure follows the code.',
    `The published derivatives come from pairs of independent runs; here the runs at λ₀ ± δ share their random numbers, which is worth ${gainP} times as many seeds for dJ_p/dλ and ${gainQ} times for dJ_q/dλ (median over all points).`,
    `Simulation: ${runs.toLocaleString('en-US')} runs of 100 rounds in ${(ms / 1000).toFixed(1)} s on ${backend.description} (${backend.reason}); the published script takes ${AUTHORS_SECONDS} s for the same panels on one EPYC core.`,
    ...(noGpu === null ? [] : [`The curves were not repeated in float32: ${noGpu}`]),
  ];
}

/** Median ratio of squared standard errors, the authors' over ours, both of 40 seeds. */
function seedsSaved({ finite }: Simulated, model: 'p' | 'q'): string {
  const ratios = reference.finite
    .flatMap(({ n, semP, semQ }) =>
      finite
        .filter((point) => point.n === n)
        .map((point, k) => ((model === 'p' ? semP : semQ)[k] / point[model].sem) ** 2),
    )
    .sort((a, b) => a - b);
  return String(Number(ratios[Math.floor(ratios.length / 2)].toPrecision(2)));
}

function tablesOf(curves: Curves, { finite, sweep }: Simulated): Table[] {
  const blocks = blockContributions(0.9);
  return [
    {
      name: 'curves',
      columns: [
        'scale',
        'reward_p',
        'reward_q',
        'proxy_p',
        'proxy_q',
        'effect_p',
        'effect_q',
        'theorem_p',
        'theorem_q',
        'difference_p',
        'difference_q',
      ],
      rows: SCALES.map((scale, k) => [
        scale,
        curves.rewardP[k],
        curves.rewardQ[k],
        curves.proxyP[k],
        curves.proxyQ[k],
        curves.effectP[k],
        curves.effectQ[k],
        curves.theoremP[k],
        curves.theoremQ[k],
        curves.differenceP[k],
        curves.differenceQ[k],
      ]),
    },
    {
      name: 'finite-samples',
      columns: ['n', 'scale', 'effect_p', 'sem_p', 'expected_p', 'effect_q', 'sem_q', 'expected_q'],
      rows: finite.map(({ n, scale, p, q }) => [
        n,
        scale,
        p.mean,
        p.sem,
        p.expected,
        q.mean,
        q.sem,
        q.expected,
      ]),
    },
    {
      name: 'blocks',
      columns: ['block', 'raw_p', 'distorted_p', 'raw_q', 'distorted_q'],
      rows: [...blocks.rawP.keys()].map((k) => [
        k,
        blocks.rawP[k],
        blocks.distortedP[k],
        blocks.rawQ[k],
        blocks.distortedQ[k],
      ]),
    },
    {
      name: 'shares',
      columns: [
        'scale',
        'n',
        'curation',
        'reward_p',
        'sem_p',
        'band_p',
        'expected_p',
        'reward_q',
        'sem_q',
        'band_q',
        'expected_q',
      ],
      rows: sweep.map(({ scale, n, curation, p, q }) => [
        scale,
        n,
        curation,
        p.mean,
        p.sem,
        p.band,
        p.expected,
        q.mean,
        q.sem,
        q.band,
        q.expected,
      ]),
    },
  ];
}
