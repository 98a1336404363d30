/**
 * Mistakes that the tests must notice, one entry each. A test that cannot fail is no test: `npm run test:mutation`
 * makes every one of these mistakes in a copy of the project and requires that the tests named beside it fail.
 */

/**
 * @typedef {object} Mutation
 * @property {string} name
 * @property {string} file path in the repository
 * @property {string} from exact text, found once in the file
 * @property {string} to what stands in its place; still valid WGSL or TypeScript
 * @property {string} why what goes wrong, and so must be caught
 * @property {readonly string[]} tests files of which every one must fail
 */

const kernelTest = (/** @type {string} */ stem) => `test/gpu/kernels/${stem}.test.ts`;
const AGREEMENT = 'test/gpu/agreement.test.ts';
const CURATION = 'test/theory/curation.test.ts';
const PLAN = 'test/mutation/plan.test.ts';
const GAUSSIAN = 'test/theory/gaussian.test.ts';
const GAUSSIAN_RUN = 'test/unit/gaussian_run.test.ts';
const COLLAPSE = 'test/theory/collapse.test.ts';
const LEVEL_RULES = 'test/mutation/level_rules.test.ts';
const PREFERENCES = 'test/unit/preferences.test.ts';
const MIXED = 'test/theory/mixed_curators.test.ts';
const WRITTEN_CURATORS = 'test/unit/scenario_curators.test.ts';
const CLOCK = 'test/theory/without_replacement.test.ts';
const MOMENTS_LOOP = 'test/unit/moments_loop.test.ts';
const CPU_TABLES = 'test/mutation/cpu_tables.test.ts';
const PAIRS = 'test/gpu/pairs.test.ts';
const RETENTION = 'test/unit/retention.test.ts';
const GPU_RETENTION = 'test/gpu/retention.test.ts';

/**
 * Mutations of one file, all caught by the same tests.
 * @param {string} file
 * @param {readonly string[]} tests
 * @param {Record<string, { from: string, to: string, why: string }>} changes by name
 * @returns {Mutation[]}
 */
function mutationsOf(file, tests, changes) {
  return Object.entries(changes).map(([name, change]) => ({ name, file, tests, ...change }));
}

/**
 * Mutations of a kernel's shader, caught by the kernel's own test.
 * @param {string} stem
 * @param {Record<string, { from: string, to: string, why: string }>} changes
 */
function kernel(stem, changes) {
  const named = Object.fromEntries(
    Object.entries(changes).map(([name, change]) => [`${stem}: ${name}`, change]),
  );
  return mutationsOf(`shaders/${stem}.wgsl`, [kernelTest(stem)], named);
}

/**
 * Mutations of a module that shaders share.
 * @param {string} stem
 * @param {readonly string[]} tests
 * @param {Record<string, { from: string, to: string, why: string }>} changes
 */
function sharedModule(stem, tests, changes) {
  const named = Object.fromEntries(
    Object.entries(changes).map(([name, change]) => [`shared ${stem}: ${name}`, change]),
  );
  return mutationsOf(`shaders/shared/${stem}.wgsl`, tests, named);
}

/**
 * Mutations of TypeScript.
 * @param {string} path below src, without its ending
 * @param {readonly string[]} tests
 * @param {Record<string, { from: string, to: string, why: string }>} changes
 */
function source(path, tests, changes) {
  const named = Object.fromEntries(
    Object.entries(changes).map(([name, change]) => [`${path}: ${name}`, change]),
  );
  return mutationsOf(`src/${path}.ts`, tests, named);
}

/** @type {readonly Mutation[]} */
export const SHADER_MUTATIONS = [
  ...kernel('absorb', {
    'low word of the rest': {
      from: 'vec2u(mul_high(old.x, kept), 0u)',
      to: 'vec2u(0u, 0u)',
      why: 'the mass below one sample would be lost at once',
    },
    'a unit less kept': {
      from: 'let kept = 0u - rate;',
      to: 'let kept = ~rate;',
      why: 'what is kept and what is learnt must sum to 1',
    },
    'first model ignored': {
      from: 'let slot = params.first_model + id.y;',
      to: 'let slot = id.y;',
      why: 'a sequential step would refit the wrong model',
    },
    'smallest rate taken for 1': {
      from: 'if (rate != 0u)',
      to: 'if (rate > 1u)',
      why: 'only 0 stands for a rate of 1',
    },
    'population of another variant': {
      from: 'finite[replicates[id.z].x * params.finite_models + slot]',
      to: 'finite[slot]',
      why: 'populations and rates may differ between replicates',
    },
    'old data thrown away': {
      from: 'if (info.w != 0u) { return; }',
      to: '',
      why: 'masses that hold several rounds would be replaced by the newest',
    },
  }),
  ...kernel('compare', {
    'first replicate only': {
      from: 'let base = group.y * params.models * params.outcomes;',
      to: 'let base = 0u;',
      why: 'every replicate has its own distances',
    },
    'last lane left out': {
      from: 'other < LANES; other++) { all += wg_sum[other]; }',
      to: 'other < LANES - 1u; other++) { all += wg_sum[other]; }',
      why: 'a 64th of the outcomes would not count',
    },
    'every other stride skipped': {
      from: 'item += LANES * GROUPS',
      to: 'item += 2u * LANES * GROUPS',
      why: 'large states take more than one item a lane',
    },
  }),
  ...kernel('evolve_linear', {
    'last bit of a threshold': {
      from: 'if (rest >= 0x80000000u)',
      to: 'if (rest > 0x80000000u)',
      why: 'a threshold ends in a one, which would count as a zero',
    },
    'last sample without a bit': {
      from: '0xffffffffu >> (32u - left)',
      to: '0x7fffffffu >> (32u - left)',
      why: 'every sample has its own bit',
    },
    'one stream for all': {
      from: 'let key = vec2u(params.seed, replicate.stream);\n  let coordinate_count',
      to: 'let key = vec2u(params.seed, 0u);\n  let coordinate_count',
      why: 'replicates would curate the same samples',
    },
    'moved producers': {
      from: 'select(places.now, places.next, column >= MOVED_BIT)',
      to: 'places.now',
      why: 'sequential updates read what earlier models have become in this round',
    },
    'one normal for four': {
      from: 'noise = noise.yzwx;',
      to: 'noise = noise.xyzw;',
      why: 'every coordinate has noise of its own',
    },
    'constant taken for the shift': {
      from: 'sum += vectors[vector + row].y;',
      to: 'sum += vectors[vector + row].x;',
      why: 'real data pull elsewhere than curation',
    },
    'maps of the first variant': {
      from: 'values[replicate.values_start + entry]',
      to: 'values[entry]',
      why: 'maps may differ between replicates',
    },
    'no step': {
      from: 'let moved = x - state[places.now + row];',
      to: 'let moved = x - x;',
      why: 'a run would seem to rest at once',
    },
    'reward without a limit': {
      from: 'sums.x - half_quadratic * sums.y',
      to: 'sums.x + half_quadratic * sums.y',
      why: 'the quadratic part of a reward is a loss',
    },
    'one thread measures': {
      from: 'report(measure(places, model), model, measured);',
      to: 'if (part == 0u) { report(measure(places, model), model, measured); }',
      why: 'the threads of a replicate share its models',
    },
  }),
  ...kernel('favour', {
    'half of the lanes': {
      from: 'other < LANES; other++',
      to: 'other < 32u; other++',
      why: 'the best code may lie in any lane',
    },
    'extinct outcomes count': {
      from: 'if (bits > 0u)',
      to: 'if (bits >= 0u)',
      why: 'an outcome without mass would set the scale of all others',
    },
    'masses of another replicate': {
      from: '(replicate * params.replicate_tables + tilt.base)',
      to: '(tilt.base)',
      why: 'every replicate has its own producers',
    },
    'first block alone': {
      from: 'let first = group.z * tilt.width;',
      to: 'let first = min(group.z, 0u);',
      why: 'every block has a best of its own',
    },
    'weight alone': {
      from: 'select(bits + EXPONENT_MASK - (code & EXPONENT_MASK)',
      to: 'select(1u + EXPONENT_MASK - (code & EXPONENT_MASK)',
      why: 'a rare outcome with a large weight may be lighter than a frequent one',
    },
  }),
  ...kernel('fold', {
    'first channel ignored': {
      from: 'let channel = params.first_channel + id.y;',
      to: 'let channel = id.y;',
      why: 'a sequential step has channels of its own',
    },
    'last piece dropped': {
      from: 'piece < segments[offset + id.x + 1u]',
      to: 'piece + 1u < segments[offset + id.x + 1u]',
      why: 'mass would be lost at every level of the tree',
    },
    'always the first pass': {
      from: 'params.pass_index * params.curator_count + curator',
      to: 'params.curator_count + curator',
      why: 'later passes have other segments',
    },
  }),
  ...kernel('group', {
    'stencil mirrored': {
      from: 'lagrange(bitcast<f32>(entry.y), k)',
      to: 'lagrange(bitcast<f32>(entry.y), MAX_STENCIL - 1u - k)',
      why: 'mass would go to the wrong nodes of the grid',
    },
    'rank for outcome': {
      from: 'let p = state[p_row + entry.x];',
      to: 'let p = state[p_row + item];',
      why: 'items are sorted by reward, probabilities are not',
    },
    'six sums where there is one': {
      from: 'for (var k = 0u; k < stencil; k++) { partial',
      to: 'for (var k = 0u; k < MAX_STENCIL; k++) { partial',
      why: 'nothing outside its own entries may be written',
    },
  }),
  ...kernel('measure', {
    'entropy in bits': { from: '-own * log(own)', to: '-own * log2(own)', why: 'entropy is given in nats' },
    'one round back for two': {
      from: 'abs(p - before[row + v])',
      to: 'abs(p - previous[row + v])',
      why: 'a period-2 cycle shows in the distance over two rounds',
    },
    'stable point always there': {
      from: 'if (info.stable_row != NONE) {',
      to: 'if (info.stable_row != 0u) {',
      why: 'without a stable point the distance is not a number but must be 0 here',
    },
    'pool for the task': {
      from: '* kept[row + v];',
      to: '* current[row + v];',
      why: 'a conditional model is judged by its own task, whatever its pool is',
    },
    'round overwritten': {
      from: '(params.first_partial + tile) * SUMS',
      to: 'tile * SUMS',
      why: 'every round of a chunk has sums of its own',
    },
  }),
  ...kernel('mix_dense', {
    'channel taken for a model': {
      from: 'if (row < params.models) {',
      to: 'if (row <= params.models) {',
      why: 'the first channel would be read from the models',
    },
    'sampled models overwritten': {
      from: 'outcome < params.outcomes && consumers[model].sampled == 0u',
      to: 'outcome < params.outcomes',
      why: 'finite populations are drawn, not mixed',
    },
    'real share of the first variant': {
      from: 'weights[variant * params.weight_stride + model]',
      to: 'weights[model]',
      why: 'shares may differ between replicates',
    },
    'last source of a step dropped': {
      from: 'for (var k = 0u; k < steps; k++)',
      to: 'for (var k = 1u; k < steps; k++)',
      why: 'a sixteenth of the sources would be missing',
    },
  }),
  ...kernel('mix_sparse', {
    'rates read as edge shares': {
      from: 'let edge_weight = weight_row + 2u * params.models;',
      to: 'let edge_weight = weight_row + params.models;',
      why: 'shares of edges lie behind the training rates',
    },
    'curated row of another replicate': {
      from: '(replicate * params.channels + (source ^ CURATED_BIT))',
      to: '(source ^ CURATED_BIT)',
      why: 'every replicate curates its own output',
    },
    'sampled models overwritten': {
      from: 'if (consumer.sampled == 1u) { return; }',
      to: 'if (consumer.sampled == 2u) { return; }',
      why: 'finite populations are drawn, not mixed',
    },
  }),
  ...kernel('average', {
    'the round before': {
      from: 'let sets = params.round + 2u;',
      to: 'let sets = params.round + 1u;',
      why: 'the initial state counts as the data of round 0',
    },
    'a law in the wrong row': {
      from: '((params.round + 1u) % own.rounds) * params.outcomes',
      to: '(params.round % own.rounds) * params.outcomes',
      why: 'a law must take the place of the oldest',
    },
    'no carry': {
      from: 'let sum = add_wide(vec2u(past[row], past[row + params.outcomes]), law);',
      to: 'let sum = vec2u(past[row], past[row + params.outcomes]) + law;',
      why: 'sums over all rounds are 64-bit integers',
    },
    'first model ignored': {
      from: 'averaged[params.first_averaged + id.y]',
      to: 'averaged[id.y]',
      why: 'a sequential step would average the wrong model',
    },
  }),
  ...kernel('retain', {
    'initial state kept for ever': {
      from: 'if (t < w) { return vec2u(old.x, old.y + count); }',
      to: 'if (t <= w) { return vec2u(old.x, old.y + count); }',
      why: 'a window forgets the initial state after w rounds',
    },
    'nothing leaves': {
      from: 'old.y + count - oldest',
      to: 'old.y + count',
      why: 'a window holds w rounds',
    },
    'counts left in place': {
      from: 'counts[index] = 0u;',
      to: 'counts[index] = count;',
      why: 'the training set would be the round’s samples and as many from the pool',
    },
    'pool without its past': {
      from: 'let high = past[row + params.outcomes] + count;',
      to: 'let high = count;',
      why: 'a pool holds the data of all rounds',
    },
    'population of another variant': {
      from: 'finite[replicates[replicate].x * params.finite_models + own.finite].y',
      to: 'finite[own.finite].y',
      why: 'populations may differ between replicates',
    },
  }),
  ...kernel('redraw', {
    'words of the samples': {
      from: 'PURPOSE_REDRAW: u32 = 0x04000000u;',
      to: 'PURPOSE_REDRAW: u32 = 0u;',
      why: 'a redraw must not repeat the random words that chose the sources',
    },
    'one workgroup for all': {
      from: 'sample += grid.x * WORKGROUP',
      to: 'sample += WORKGROUP',
      why: 'samples would be drawn more than once',
    },
    'the same pool for all replicates': {
      from: '(params.real_tables + replicate * params.replicate_tables + pool.table)',
      to: '(params.real_tables + pool.table)',
      why: 'replicates have data of their own',
    },
    'first pool ignored': {
      from: 'pools[params.first_pool + group.y]',
      to: 'pools[group.y]',
      why: 'a sequential step would draw for the wrong model',
    },
  }),
  ...kernel('refit', {
    'real share for the rate': {
      from: 'params.weight_stride + params.models + model]',
      to: 'params.weight_stride + model]',
      why: 'rates lie behind the real shares',
    },
    'old share kept whole': {
      from: '(1f - rate) * state[index]',
      to: '(1f - rate * rate) * state[index]',
      why: 'old and new shares must sum to 1',
    },
    'sampled flag of another model': {
      from: 'consumers[model].sampled == 1u',
      to: 'consumers[id.y].sampled == 1u',
      why: 'a step may begin at any model',
    },
  }),
  ...kernel('remember', {
    'rows for columns': {
      from: 'group.x * select(outputs, 1u, columns)',
      to: 'group.x * outputs',
      why: 'a model that generates inputs is given outputs',
    },
    'old share kept whole': {
      from: '(1f - rate) * kept[v]',
      to: '(1f - rate * rate) * kept[v]',
      why: 'old and new shares must sum to 1',
    },
    'nothing kept': {
      from: 'if (mass <= 0f) { return; }',
      to: 'if (mass < 0f) { return; }',
      why: 'where nothing is given the table stays as it was',
    },
    'training law for the model': {
      from: 'state[v] = mass * table;',
      to: 'state[v] = mass * fresh;',
      why: 'a model trained in part generates from its table',
    },
    'rate of the first variant': {
      from: 'rates[replicates[group.z].x * params.models + model]',
      to: 'rates[model]',
      why: 'rates may differ between replicates',
    },
    'first model ignored': {
      from: 'let model = params.first_model + group.y;',
      to: 'let model = group.y;',
      why: 'a sequential step would change the wrong model',
    },
  }),
  ...kernel('reweigh', {
    'blocks without their masses': {
      from: 'select(held, 1f, whole.block_count == 1u)',
      to: 'select(held, 1f, whole.block_count > 0u)',
      why: 'curation changes nothing about what is given',
    },
    'cells of the first block': {
      from: 'row * params.partial_stride + curator.first_cell;',
      to: 'row * params.partial_stride;',
      why: 'every block has masses of its own',
    },
    'the first block for all': {
      from: 'curators[whole.first_block + group.z]',
      to: 'curators[whole.first_block]',
      why: 'rewards depend on what is given',
    },
    'Jacobian without its tail': {
      from: 'curator.quadrature_step * (1f + left) * power',
      to: 'curator.quadrature_step * power',
      why: 'ds = s (1 + e^(−u)) du',
    },
    'K for K − 1 in the power': {
      from: 'let power = exponential(others * log_complement(psi, phi));',
      to: 'let power = exponential(curator.candidates * log_complement(psi, phi));',
      why: 'the candidate competes with K − 1 others',
    },
    'no complement of φ': {
      from: 'log_complement(psi, phi)',
      to: 'log_complement(1f - phi, phi)',
      why: 'φ^(K−1) loses its digits when K is large',
    },
    'argmax within 64 levels': {
      from: 'let above = clamp(above_tiles + suffix.x, 0f, 1f);',
      to: 'let above = clamp(suffix.x, 0f, 1f);',
      why: 'levels above the tile of 64 count as well',
    },
    'not normalised': {
      from: 'let chosen = sum_lanes(lane, chosen_mass);',
      to: 'let chosen = max(sum_lanes(lane, chosen_mass), 1e37f) / 1e37f;',
      why: 'the curated distribution must keep the total mass',
    },
    'a cell too many': {
      from: 'if (n - k < curator.cell_count)',
      to: 'if (n - k <= curator.cell_count)',
      why: 'cells end before the stencils do',
    },
    'tilt from the top': {
      from: 'exponential(min(nodes[curator.node_offset + n] - top_rho, 1f))',
      to: 'exponential(min(nodes[curator.node_offset + n], 1f))',
      why: 'where the best outcomes are extinct all weights would vanish',
    },
    'unreachable weights without bound': {
      from: 'exponential(min(nodes[curator.node_offset + n] - top_rho, 1f))',
      to: 'exponential(nodes[curator.node_offset + n] - top_rho)',
      why: 'levels above the reachable top must not drown those that have mass',
    },
    'best node by lane': {
      from: 'if (mass > 0f) { highest = max(highest, n); }',
      to: 'if (mass > 0f) { highest = max(highest, lane); }',
      why: 'the best of more than 64 levels would not be found',
    },
    'ties not in proportion': {
      from: 'h = exponential(curator.candidates * log_f) * chosen / mass;',
      to: 'h = exponential(curator.candidates * log_f) * chosen;',
      why: 'a tied group shares its win in proportion to mass',
    },
    'clock to three digits': {
      from: 'const ROOT_STAGES: u32 = 5u;',
      to: 'const ROOT_STAGES: u32 = 2u;',
      why: 'H without replacement is as good as the time at which the clock stops',
    },
    'clock stops a lane early': {
      from: 'select(0u, lane + 1u, early)',
      to: 'select(0u, lane, early)',
      why: 'the root lies above the last place that is too early',
    },
    'clock within one temperature': {
      from: 'max(depth - lowest + ROOT_MARGIN - low, 0f)',
      to: 'min(max(depth - lowest + ROOT_MARGIN - low, 0f), 1f)',
      why: 'where the best are used up the clock runs until the worst ring',
    },
    'clock of the whole batch': {
      from: 'let kept = 1f / curator.candidates;',
      to: 'let kept = min(1f, 1.001f / curator.candidates);',
      why: 'exactly one of K is kept',
    },
  }),
  ...kernel('sample', {
    'candidates from everywhere': {
      from: 'width = source.width;',
      to: 'width = params.outcomes - start;',
      why: 'the candidates of a choice share what is given',
    },
    'mass below counted twice': {
      from: 'mul_high(word, tables[row + high] - below)',
      to: 'mul_high(word, tables[row + high])',
      why: 'a draw within a block is in proportion to its own masses',
    },
    'columns taken for rows': {
      from: 'if (source.swapped == 0u) { return place; }',
      to: 'if (source.swapped <= 1u) { return place; }',
      why: 'tables of models that generate inputs go by columns',
    },
    'tilt of the first block': {
      from: 'row = own_row + code_row + start;',
      to: 'row = own_row + code_row;',
      why: 'what is given is drawn before it is tilted',
    },
    'sources by 30 bits': {
      from: 'let draw = word >> 1u;',
      to: 'let draw = word >> 2u;',
      why: 'thresholds are shares of 2^31',
    },
    'draw on the boundary': {
      from: 'if (tables[row + middle] > draw)',
      to: 'if (tables[row + middle] >= draw)',
      why: 'an outcome without mass could be drawn',
    },
    'a block per candidate': {
      from: 'candidate >> 1u), key)',
      to: 'candidate), key)',
      why: 'two candidates share a block of four words; the CPU must find the same',
    },
    'words of a block exchanged': {
      from: 'select(words.x, words.z, odd)',
      to: 'select(words.z, words.x, odd)',
      why: 'addresses of words are part of the results',
    },
    'first workgroup of a model to the one before': {
      from: 'origin <= index',
      to: 'origin < index',
      why: 'a model would lose its first block of samples',
    },
    'one sample too many': {
      from: 'if (sample < slot.x)',
      to: 'if (sample <= slot.x)',
      why: 'counts must sum to the population',
    },
    'grid not unfolded': {
      from: 'let index = group.y * grid.x + group.x;',
      to: 'let index = group.x;',
      why: 'more than 65,535 workgroups fold into two dimensions',
    },
    'local counts overwrite': {
      from: 'if (count > 0u) { atomicAdd(&counts[counts_row + v], count); }',
      to: 'if (count > 0u) { atomicStore(&counts[counts_row + v], count); }',
      why: 'workgroups of one model share its counts',
    },
    'stream ignored': {
      from: 'let key = vec2u(params.seed, variant_stream.y);',
      to: 'let key = vec2u(params.seed, variant_stream.x);',
      why: 'replicates would repeat each other',
    },
  }),
  ...kernel('scan_tiles', {
    'total lost': {
      from: 'tile_sums[row + params.tiles] = running;',
      to: 'tile_sums[row + params.tiles] = vec2u(0u);',
      why: 'the total decides the shift',
    },
    'first table ignored': {
      from: 'params.first_table + id.x) * (params.tiles + 1u)',
      to: 'id.x) * (params.tiles + 1u)',
      why: 'tilts lie behind the producers’ own tables',
    },
    inclusive: {
      from: 'tile_sums[row + tile] = running;\n    running = add_wide(running, own);',
      to: 'running = add_wide(running, own);\n    tile_sums[row + tile] = running;',
      why: 'a tile starts behind the tiles before it',
    },
  }),
  ...kernel('self_test', {
    'short sum': { from: 'k <= lane', to: 'k < lane', why: 'the known answers include the lane’s own term' },
    'another counter': {
      from: 'philox(vec4u(lane, lane * lane, ~lane, 7u)',
      to: 'philox(vec4u(lane, lane + lane, ~lane, 7u)',
      why: 'host and shader must ask for the same words',
    },
  }),
  ...kernel('spread', {
    'undershoot turned around': {
      from: 'h = max(h, 0f);',
      to: 'h = abs(h);',
      why: 'a ratio below zero by interpolation is zero',
    },
    'stencil mirrored': {
      from: 'h += ratio[node + k]',
      to: 'h += ratio[node + MAX_STENCIL - 1u - k]',
      why: 'nodes ascend with the position',
    },
  }),
  ...kernel('sum_tiles', {
    'tile without end': {
      from: 'let end = min((group.x + 1u) * TILE, params.outcomes);',
      to: 'let end = params.outcomes;',
      why: 'masses would count in every earlier tile as well',
    },
    'last lane left out': {
      from: 'other < LANES; other++',
      to: 'other < LANES - 1u; other++',
      why: 'the sum must be exact',
    },
  }),
  ...kernel('tabulate', {
    'a bit too many': {
      from: 'select(0u, bits - 31u, bits > 31u)',
      to: 'select(0u, bits - 32u, bits > 32u)',
      why: 'totals keep 31 bits, or the last entry may be 2^32',
    },
    'own lane twice': {
      from: 'other < lane; other++',
      to: 'other <= lane; other++',
      why: 'the table would start with mass that comes later',
    },
    'first tile for all': {
      from: 'var running = tile_sums[sums + group.x];',
      to: 'var running = tile_sums[sums];',
      why: 'tables go on across tiles',
    },
  }),
  ...kernel('weigh', {
    'a shift too many': {
      from: 'EXPONENT_MASK - 22u',
      to: 'EXPONENT_MASK - 23u',
      why: 'CPU and GPU scale the heaviest product alike',
    },
    'room of the number of outcomes': {
      from: 'let room = 30u + countLeadingZeros(width);',
      to: 'let room = 30u + countLeadingZeros(width - 1u);',
      why: 'totals stay below 2^62',
    },
    'masses of 32 bits': {
      from: 'max(bits, 31u) - 31u',
      to: 'max(bits, 32u) - 32u',
      why: 'the CPU’s products must be exact in a float64',
    },
    'dropped bits not made up for': {
      from: 'i32(dropped + room',
      to: 'i32(room',
      why: 'large masses would count as small ones',
    },
    'half the probability': {
      from: '* 1073741824f',
      to: '* 536870912f',
      why: 'limit models count in units of 2^−62',
    },
    'probabilities of 30 bits': {
      from: 'vec2u(u32((scaled - whole) * 4294967296f), u32(whole))',
      to: 'vec2u(0u, u32(whole))',
      why: 'an outcome of probability 1e-10 may be all that an infinite number of candidates leaves',
    },
    'masses of the tilt itself': {
      from: 'weighed[(replicate * params.replicate_tables + table.base) * params.outcomes + place];',
      to: 'weighed[(replicate * params.replicate_tables + index) * params.outcomes + place];',
      why: 'a tilt starts from its producer’s masses',
    },
    'columns taken for rows': {
      from: 'table.swapped == 1u',
      to: 'table.swapped > 1u',
      why: 'tables of models that generate inputs go by columns',
    },
    'scale of the first block': {
      from: '* params.blocks + given];',
      to: '* params.blocks];',
      why: 'rare blocks have the resolution of common ones',
    },
    'all worse ranks': {
      from: 'code == favourite',
      to: 'code <= favourite',
      why: 'best of infinitely many takes the best alone',
    },
  }),
  ...sharedModule('scatter', ['test/gpu/bench_ceilings.test.ts'], {
    'the hash shifts one bit less': {
      from: 'x >> 15u',
      to: 'x >> 14u',
      why: 'host and shaders spread their places alike',
    },
    'places from lower bits': {
      from: 'state >> 8u',
      to: 'state >> 7u',
      why: 'low bits of a linear congruential sequence repeat early',
    },
  }),
  ...sharedModule('philox', [kernelTest('shared'), kernelTest('self_test')], {
    'nine rounds': { from: 'round < 10u', to: 'round < 9u', why: 'it is Philox4x32-10' },
    'key words exchanged': {
      from: 'k += vec2u(PHILOX_W0, PHILOX_W1);',
      to: 'k += vec2u(PHILOX_W1, PHILOX_W0);',
      why: 'it would be another generator than the published one',
    },
    'carry lost': {
      from: '+ (middle >> 16u) + (carry >> 16u);',
      to: '+ (middle >> 16u);',
      why: 'the high word of a product would be off by one at times',
    },
  }),
  ...sharedModule('wide', [kernelTest('shared')], {
    'carry on equality': {
      from: 'select(0u, 1u, low < a.x)',
      to: 'select(0u, 1u, low <= a.x)',
      why: 'adding zero carries nothing',
    },
    'less on equality': {
      from: '(a.y == b.y && a.x < b.x)',
      to: '(a.y == b.y && a.x <= b.x)',
      why: 'equals are not less',
    },
    'right shift by a whole word': {
      from: 'if (shift >= 32u) { return vec2u(a.y >> (shift - 32u), 0u); }',
      to: 'if (shift > 32u) { return vec2u(a.y >> (shift - 32u), 0u); }',
      why: 'WGSL takes shifts modulo 32',
    },
    'left shift by a whole word': {
      from: 'if (shift >= 32u) { return vec2u(0u, a.x << (shift - 32u)); }',
      to: 'if (shift > 32u) { return vec2u(0u, a.x << (shift - 32u)); }',
      why: 'WGSL takes shifts modulo 32',
    },
    'bits across words lost': {
      from: '(a.y << shift) | (a.x >> (32u - shift))',
      to: '(a.y << shift)',
      why: 'a left shift carries the low word’s bits up',
    },
  }),
  ...sharedModule('elementary', [kernelTest('shared')], {
    'ln 2 of the wrong sign': {
      from: 'const LN2_LOW: f32 = -2.12194440e-4f;',
      to: 'const LN2_LOW: f32 = 2.12194440e-4f;',
      why: 'range reduction would be off by a thousandth',
    },
    'coefficient of x⁹': {
      from: 'q * (1f / 9f',
      to: 'q * (1f / 8f',
      why: 'the logarithm would be off by 2e-6 near 1/2',
    },
    'series beyond its range': {
      from: 'x < 0.5f)',
      to: 'x < 1.5f)',
      why: 'seven terms do not reach 1.5',
    },
  }),
  ...sharedModule('elementary', [kernelTest('shared'), kernelTest('evolve_linear')], {
    'power of two of a logarithm': {
      from: 'select(127, 126, exceeds)',
      to: '127',
      why: 'logarithms of mantissas above √2 would be off by ln 2',
    },
    'third quarter of a turn': {
      from: 'quarter >= 2u)',
      to: 'quarter > 2u)',
      why: 'the sine is negative from the half turn on',
    },
  }),
  ...sharedModule('normals', [kernelTest('shared')], {
    'complement off by one': {
      from: 'select(word, ~word, upper)',
      to: 'select(word, 0u - word, upper)',
      why: 'the logarithm of the last words would be off by a factor',
    },
    'half a step': {
      from: '+ 0.5f)',
      to: '+ 1f)',
      why: 'the smallest words would be twice as large',
    },
  }),
  ...kernel('evolve_gaussian', {
    'lanes left out of the sums': {
      from: 'for (var l = 0u; l < LANES; l++)',
      to: 'for (var l = 0u; l < LANES - 1u; l++)',
      why: 'samples of the last lane would be lost',
    },
    'words shared by candidates': {
      from: 'draw_normals(k, model, c * stride, stream, lane)',
      to: 'draw_normals(k, model, c, stream, lane)',
      why: 'in three dimensions and more the second candidate would reuse the first one’s normals',
    },
    'noise of the choice with the wrong sign': {
      from: 'score -= logarithm(',
      to: 'score += logarithm(',
      why: 'reward plus Gumbel noise is what makes Plackett–Luce',
    },
    'curvature counted twice': {
      from: 'slope -= 0.5f * curators[',
      to: 'slope -= curators[',
      why: 'a quadratic reward falls by half the form',
    },
    'last candidate kept': {
      from: 'select(wg_chosen[at], wg_sample[at], better)',
      to: 'wg_sample[at]',
      why: 'the best one counts, not the last',
    },
    'producers of this round read late': {
      from: 'let trained = producer < params.first_model;',
      to: 'let trained = false;',
      why: 'models that train in turn see what came before them',
    },
    'distance of means left out of the pool': {
      from: 'w * value + w * (1f - w) * off',
      to: 'w * value',
      why: 'pooled data spread around a common mean',
    },
    'window forgets where rounds lie': {
      from: '(ring[at + e] + apart)',
      to: '(ring[at + e])',
      why: 'rounds with different means spread more than each',
    },
    'unbiased as maximum likelihood': {
      from: 'params.unbiased == 1u',
      to: 'false',
      why: 'the estimator is the scenario’s choice',
    },
    'tilt upside down': {
      from: 'laws[turned + (d - 1u - i) * d + d - 1u - j] = sum;',
      to: 'laws[turned + j * d + i] = sum;',
      why: 'the factor of B must be upper triangular for the tilted factor to be lower triangular',
    },
  }),
  ...sharedModule('normals', [kernelTest('evolve_linear')], {
    'a turn used twice': {
      from: 'normal_pair(words.z, words.w)',
      to: 'normal_pair(words.z, words.y)',
      why: 'the two pairs of a quad would share their angle',
    },
  }),
  ...sharedModule('curators', [kernelTest('shared'), kernelTest('group'), kernelTest('spread')], {
    'sign of the nodes': {
      from: '(position - f32(j)) / (f32(k) - f32(j))',
      to: '(position - f32(j)) / (f32(j) - f32(k))',
      why: 'five factors of −1 turn every weight around',
    },
  }),
  ...sharedModule('curators', [kernelTest('reweigh')], {
    'another number for a rule': {
      from: 'const RULE_TILT: u32 = 2u;',
      to: 'const RULE_TILT: u32 = 5u;',
      why: 'host and shaders number the rules alike',
    },
  }),
  ...sharedModule('selection', [kernelTest('shared')], {
    'replaced on the boundary': {
      from: 'if (less_wide(draw, weight))',
      to: 'if (!less_wide(weight, draw))',
      why: 'a candidate of weight w replaces the choice for w of the total, not w + 1',
    },
    'weights without their extra bits': {
      from: 'vec2u(mantissa << 15u, mantissa >> 17u)',
      to: 'vec2u(mantissa, 0u)',
      why: 'light candidates beside a heavy one would lose their bits',
    },
    'total kept on a heavier scale': {
      from: 'next.total = shift_right_wide(next.total, next.exponent - min(exponent, next.exponent));',
      to: 'next.total = shift_right_wide(next.total, 0u);',
      why: 'earlier weights must shrink when a heavier one sets the scale',
    },
    'last of equals': {
      from: 'if (rank > choice.total.x)',
      to: 'if (rank >= choice.total.x)',
      why: 'the first of equal rewards wins',
    },
  }),
  ...sharedModule('consumers', [kernelTest('mix_sparse')], {
    'another bit': {
      from: 'const CURATED_BIT: u32 = 0x80000000u;',
      to: 'const CURATED_BIT: u32 = 0x40000000u;',
      why: 'host and shaders mark curated edges alike',
    },
  }),
];

/** @type {readonly Mutation[]} */
export const SOURCE_MUTATIONS = [
  ...source('random/binomial', [MOMENTS_LOOP], {
    'ones and zeros': {
      from: 'if (rest < 0) {',
      to: 'if (rest > 0) {',
      why: 'samples below the threshold are curated, not those above',
    },
  }),
  ...source('random/normals', [MOMENTS_LOOP], {
    'third quarter of a turn': {
      from: 'quarter >= 2 ? -radius',
      to: 'quarter > 2 ? -radius',
      why: 'the sine is negative from the half turn on',
    },
  }),
  ...source('cpu/evolve_linear', [MOMENTS_LOOP], {
    'moved producers': {
      from: 'columns.map((column, k) => column + moved[k] * coordinates)',
      to: 'columns.map((column) => column)',
      why: 'sequential updates read what earlier models have become in this round',
    },
  }),
  ...source('plan/linear_plan', [MOMENTS_LOOP], {
    'halves up': {
      from: 'return floor % 2 === 0 ? floor : floor + 1;',
      to: 'return floor + 1;',
      why: 'halves go to the even number',
    },
  }),
  ...source('engine/moments/loop', [MOMENTS_LOOP], {
    'state of the end of a chunk': {
      from: 'await this.goTo(simulation, first, seen.round);',
      to: 'await this.goTo(simulation, first, last);',
      why: 'a run that stops within a chunk ends on the exact round',
    },
  }),
  ...source('engine/moments/stop_rule', [MOMENTS_LOOP], {
    'sooner a cycle': {
      from: 'const CYCLE_ROUNDS = 4;',
      to: 'const CYCLE_ROUNDS = 3;',
      why: 'four rounds have to repeat',
    },
  }),
  ...source('engine/moments/recording', [MOMENTS_LOOP], {
    'no limit': {
      from: 'norm <= LIMITS.mean &&',
      to: 'norm <= Number.MAX_VALUE &&',
      why: 'numbers that run away are an error with its round',
    },
  }),
  ...source('kernels/sample', [kernelTest('sample')], {
    'grid beyond its limit': {
      from: 'const LARGEST_SIDE = 65_535;',
      to: 'const LARGEST_SIDE = 655_350;',
      why: 'WebGPU refuses more than 65,535 workgroups in one dimension',
    },
    'too few workgroups': {
      from: 'Math.ceil(groups / Math.max(rows, 1)),',
      to: 'Math.floor(groups / Math.max(rows, 1)),',
      why: 'the last samples would not be drawn',
    },
  }),
  ...source('gpu/recorder', [kernelTest('recorder')], {
    'float packed as integer': {
      from: "if (member.type === 'f32')",
      to: "if (member.type === 'u32')",
      why: 'uniforms are packed by their types in the shader',
    },
    'one slot for all': {
      from: 'this.used += 1;\n    return offset;',
      to: 'this.used = 1;\n    return offset;',
      why: 'every dispatch of a submit has uniforms of its own',
    },
  }),
  ...source('gpu/kernel', [kernelTest('kernel')], {
    'line lost': {
      from: '(with its imports):${error.lineNum}:${error.linePos}',
      to: '(with its imports):${error.linePos}:${error.linePos}',
      why: 'a shader error says where it is',
    },
  }),
  ...source('gpu/self_test', [kernelTest('self_test')], {
    'anything goes': {
      from: '(value, k) => value !== got[k]',
      to: '(value, k) => value > got[k] + 2 ** 32',
      why: 'an adapter that computes wrongly must be refused',
    },
  }),
  ...source('random/philox', ['test/unit/random_philox.test.ts'], {
    'nine rounds': { from: 'const ROUNDS = 10;', to: 'const ROUNDS = 9;', why: 'it is Philox4x32-10' },
    'carry lost': {
      from: '+ (middle >>> 16) + (carry >>> 16)) >>> 0',
      to: '+ (middle >>> 16)) >>> 0',
      why: 'the high word of a product would be off by one at times',
    },
  }),
  ...source('random/selection', ['test/unit/selection_codes.test.ts'], {
    'mantissa cut off': {
      from: 'let bits = Math.round(mantissa * 2 ** (MANTISSA_BITS - 1));',
      to: 'let bits = Math.floor(mantissa * 2 ** (MANTISSA_BITS - 3)) * 4;',
      why: 'weights are right to 22 bits',
    },
    'ranks upside down': {
      from: 'sort((a, b) => a - b)',
      to: 'sort((a, b) => b - a)',
      why: 'the highest reward has the highest rank',
    },
  }),
  ...source('random/selection', ['test/unit/selection_choice.test.ts'], {
    'weights without their extra bits': {
      from: 'const WEIGHT_SHIFT = 2 ** 15;',
      to: 'const WEIGHT_SHIFT = 2 ** 4;',
      why: 'light candidates beside a heavy one would lose their bits',
    },
    'last of equals': {
      from: 'if (rank > this.total)',
      to: 'if (rank >= this.total)',
      why: 'the first of equal rewards wins',
    },
  }),
  ...source('cpu/finite', [AGREEMENT], {
    'a block per candidate': {
      from: 'candidate >>> 1, seed, stream',
      to: 'candidate, seed, stream',
      why: 'CPU and GPU draw the same samples',
    },
  }),
  ...source('cpu/finite', [PAIRS], {
    'candidates from everywhere': {
      from: 'lookUpWithin(table, row, block, width, odd',
      to: 'lookUpWithin(table, row, 0, outcomes, odd',
      why: 'the candidates of a choice share what is given',
    },
  }),
  ...source('cpu/remember', [PAIRS], {
    'old share kept whole': {
      from: '(1 - rate) * table[v]',
      to: '(1 - rate * rate) * table[v]',
      why: 'old and new shares must sum to 1',
    },
    'nothing kept': {
      from: 'if (!(mass > 0)) continue;',
      to: 'if (!(mass >= 0)) continue;',
      why: 'where nothing is given the table stays as it was',
    },
  }),
  ...source('theory/pair_curation', [PAIRS], {
    'mass of a block lost': {
      from: 'out[v] = mass * chosen[k];',
      to: 'out[v] = chosen[k];',
      why: 'curation changes nothing about what is given',
    },
    'rows for columns': {
      from: 'curator.reward[block * blockStep + k * cellStep]',
      to: 'curator.reward[block * width + k]',
      why: 'a model that generates inputs is given outputs',
    },
  }),
  ...source('scenario/pairs', [PAIRS], {
    'task of the uniform inputs': {
      from: 'share[b * blocks.blockStep + k * blocks.cellStep] = marginal[b];',
      to: 'share[b * blocks.blockStep + k * blocks.cellStep] = 1 / blocks.count;',
      why: 'a model’s own task has the inputs of its real data',
    },
  }),
  ...source('plan/table_order', [CPU_TABLES, PLAN], {
    'block by its width': {
      from: 'return inBlock * (outcomes / width)',
      to: 'return inBlock * width',
      why: 'neighbours in a column lie a row apart',
    },
  }),
  ...source('engine/gpu/scan_stage', [PAIRS], {
    'one scale for all blocks': {
      from: 'for (const run of tiltRuns(plan, first, count)) scan(recorder, run);',
      to: 'if (count > 0) scan(recorder, { first, count, width: outcomes });',
      why: 'tilted tables are cumulative within each block',
    },
  }),
  ...source('cpu/finite', [AGREEMENT, CPU_TABLES], {
    'carry lost': {
      from: '(rest >= 2 ** 32 ? 1 : 0)',
      to: '0',
      why: 'masses are 64-bit integers on both backends',
    },
  }),
  ...source('cpu/finite', [CPU_TABLES], {
    'tables of 30 bits': {
      from: 'return Math.max(bitLength(low, high) - 31, 0);',
      to: 'return Math.max(bitLength(low, high) - 30, 0);',
      why: 'CPU and GPU draw from the same tables',
    },
    'dropped bits not made up for': {
      from: 'const left = dropped + room',
      to: 'const left = room',
      why: 'large masses would count as small ones',
    },
    'heavy products cut off': {
      from: 'const room = 30 + Math.clz32(width);',
      to: 'const room = Math.clz32(width);',
      why: 'tables of 31 bits need products of more than that',
    },
    'scale of extinct outcomes': {
      from: 'if (bits > 0) favourite',
      to: 'if (bits >= 0) favourite',
      why: 'an outcome without mass would set the scale of all others',
    },
    'a unit less kept': {
      from: 'const kept = -rate >>> 0;',
      to: 'const kept = ~rate >>> 0;',
      why: 'what is kept and what is learnt must sum to 1',
    },
    'probabilities of 30 bits': {
      from: 'weighed[2 * v] = Math.floor((scaled - whole) * 2 ** 32);',
      to: 'weighed[2 * v] = 0;',
      why: 'an outcome of probability 1e-10 may be all that an infinite number of candidates leaves',
    },
    'first block for all': {
      from: 'tabulate(weighed, first, tables, tableRow + first, order.width);',
      to: 'tabulate(weighed, 0, tables, tableRow + first, order.width);',
      why: 'tilted tables are cumulative within each block',
    },
    'best rank by the low word': {
      from: 'if (weighed[2 * v] > 0 || weighed[2 * v + 1] > 0) best',
      to: 'if (weighed[2 * v] > 0) best',
      why: 'whole samples have nothing in their low word',
    },
  }),
  ...source('cpu/population', [AGREEMENT], {
    'old share kept whole': {
      from: '(1 - rate) * old[row + v]',
      to: '(1 - rate * rate) * old[row + v]',
      why: 'old and new shares must sum to 1',
    },
    'raw output of the consumer': {
      from: 'edges.producer[e] * outcomeCount',
      to: 'model * outcomeCount',
      why: 'a model trains on others’ output too',
    },
  }),
  ...source('cpu/average', [RETENTION], {
    'mean of one law more': {
      from: '/ (t + 1);',
      to: '/ (t + 2);',
      why: 'there are t + 1 laws after round t',
    },
    'a window filled from the second row': {
      from: 'const sets = Math.min(t + 1, rounds);',
      to: 'const sets = Math.min(t + 2, rounds);',
      why: 'a window holds the laws there are',
    },
  }),
  ...source('cpu/retain', [RETENTION, GPU_RETENTION], {
    'nothing leaves': {
      from: '(t > w ? oldest : 0)',
      to: '0',
      why: 'a window holds w rounds',
    },
  }),
  ...source('cpu/retain', [GPU_RETENTION], {
    'initial state kept for ever': {
      from: 'mass[at] = 0;',
      to: '',
      why: 'a window forgets the initial state after w rounds',
    },
  }),
  ...source('cpu/redraw', [GPU_RETENTION], {
    'words of the samples': {
      from: 'PURPOSE.redraw',
      to: 'PURPOSE.training',
      why: 'CPU and GPU draw the same training sets',
    },
  }),
  ...source('plan/retention_plan', [RETENTION], {
    'masses of any size': {
      from: 'if (most * sets <= MOST_SAMPLES) return;',
      to: 'if (most <= MOST_SAMPLES) return;',
      why: 'masses would overflow their 64 bits',
    },
    'rows that overlap': {
      from: 'finiteRows += rounds + (subsample ? 2 : 0);',
      to: 'finiteRows += rounds;',
      why: 'two models would share a pool',
    },
  }),
  ...source('cpu/measure', [AGREEMENT], {
    'entropy of the wrong sign': {
      from: 'entropy -= own * Math.log(own)',
      to: 'entropy += own * Math.log(own)',
      why: 'entropies are positive',
    },
    'distance not halved': {
      from: 'out[at + 3] = step / 2;',
      to: 'out[at + 3] = step;',
      why: 'total variation is half the sum of differences',
    },
  }),
  ...source('cpu/measure', [PAIRS], {
    'pool for the task': {
      from: 'ownTask.share[v] * ownTask.tables[row + v]',
      to: 'ownTask.share[v] * p',
      why: 'a conditional model is judged by its own task, whatever its pool is',
    },
  }),
  ...source('cpu/machine', [AGREEMENT], {
    'sequential as synchronous': {
      from: 'const source = sequential ? () => state.next : () => state.current;',
      to: 'const source = () => state.current;',
      why: 'a sequential step sees what the earlier ones have written',
    },
  }),
  ...source('plan/limit_plan', [PLAN], {
    'channels shared in turn': {
      from: 'if (sequential) known.clear();',
      to: 'if (!sequential) known.clear();',
      why: 'producers change between the steps of a sequential round',
    },
    'finite consumers mixed': {
      from: 'if (isFinite[i] || edges.curator[e] < 0) continue;',
      to: 'if (edges.curator[e] < 0) continue;',
      why: 'only limit models need reweighed output',
    },
  }),
  ...source('plan/finite_plan', [PLAN], {
    'last share open': {
      from: 'return k >= last ? SHARE_SCALE :',
      to: 'return k > last ? SHARE_SCALE :',
      why: 'the sum of shares may round to less than 1, and some word would find no source',
    },
    'rate rounded to nothing': {
      from: 'Math.max(fixed, 1)',
      to: 'Math.max(fixed, 0)',
      why: '0 stands for a rate of 1',
    },
    'rounding of full training': {
      from: 'trainingRate[model] < 1 && loss > MASS_LOSS',
      to: 'loss > MASS_LOSS',
      why: 'masses replaced by counts are exact',
    },
    'rounding of many outcomes': {
      from: 'ecosystem.outcomeCount / (2 *',
      to: '1 / (2 *',
      why: 'every outcome loses to rounding',
    },
    'mass in halves of a unit': {
      from: 'Math.floor((samples - whole) * RATE_SCALE)',
      to: 'Math.floor(((samples - whole) * RATE_SCALE) / 2)',
      why: 'masses count 2^−32 samples',
    },
    'codes in the order of outcomes': {
      from: 'codes.push(inOrder(selectionCodes(curator), order));',
      to: 'codes.push(selectionCodes(curator));',
      why: 'codes lie beside the tables they are looked up with',
    },
    'counts averaged with tables': {
      from: 'trainingRate[model] < 1 && ecosystem.pairs !== null',
      to: 'trainingRate[model] < 0 && ecosystem.pairs !== null',
      why: 'a conditional table that is trained in part has no whole counts',
    },
  }),
  ...source('plan/table_layout', [PLAN], {
    'tilts of both orders mixed': {
      from: 'Number(this.tilts[a].order.swapped) - Number(this.tilts[b].order.swapped) ||',
      to: 'Number(this.tilts[b].order.swapped) - Number(this.tilts[a].order.swapped) ||',
      why: 'tables with blocks of one size are scanned together',
    },
    'tilt from the producer’s number': {
      from: 'base: this.ownTable[producer],',
      to: 'base: producer,',
      why: 'tables are numbered by use, not by model',
    },
  }),
  ...source('plan/curator_tables', [PLAN], {
    'wide segments': {
      from: 'end = Math.min(end + FAN_IN, groups[g + 1]);',
      to: 'end = groups[g + 1];',
      why: 'the sum of thousands in float32 needs a tree',
    },
    'quadrature cut short': {
      from: 'Math.log(42) + levels.range - QUADRATURE_START',
      to: 'Math.log(42) - QUADRATURE_START',
      why: 'the lowest rewards need its far end',
    },
    'rules exchanged': {
      from: 'const RULE = { identity: 0, plackettLuce: 1, tilt: 2, argmax: 3, top: 4, clock: 5 } as const;',
      to: 'const RULE = { identity: 0, plackettLuce: 1, tilt: 2, argmax: 4, top: 3, clock: 5 } as const;',
      why: 'host and shaders number the rules alike',
    },
  }),
  ...source('plan/curator_tables', [PLAN], {
    'position from the cell’s other side': {
      from: '- nodes[cell[k]]) / spacing',
      to: '- nodes[cell[k] + 1]) / spacing',
      why: 'interpolation would happen one node off',
    },
    'nodes of the first block': {
      from: 'stencils[2 * (row + v)] = firstNode + cell[k];',
      to: 'stencils[2 * (row + v)] = cell[k];',
      why: 'every block has nodes of its own',
    },
  }),
  ...source('theory/quadrature', [CURATION, AGREEMENT], {
    'Jacobian without its tail': {
      from: 'step[n] = h * (1 + Math.exp(-u));',
      to: 'step[n] = h;',
      why: 'ds = s (1 + e^(−u)) du',
    },
  }),
  ...source('theory/quadrature', [CURATION], {
    'coarse steps': {
      from: 'const STEP = 0.25;',
      to: 'const STEP = 0.9;',
      why: 'H is right to 3e-15, not to 2e-5',
    },
    'far end cut off': {
      from: 'const last = Math.log(42) + range;',
      to: 'const last = Math.log(2) + range;',
      why: 'the integrand has not died out there',
    },
  }),
  ...source('theory/argmax', [CURATION, AGREEMENT], {
    'ties not in proportion': {
      from: 'Math.expm1(candidates * Math.log1p(-share))) / mass[l];',
      to: 'Math.expm1(candidates * Math.log1p(-share))) / share;',
      why: 'a tied group shares its win in proportion to mass',
    },
  }),
  ...source('theory/argmax', [LEVEL_RULES], {
    'extinct group': {
      from: '? candidates * power(l, candidates - 1)',
      to: '? candidates * power(l, candidates)',
      why: 'H of a vanishing group is K F^(K−1)',
    },
  }),
  ...source('theory/argmax', [LEVEL_RULES, CURATION], {
    'derivative of the group below': {
      from: 'lower[l] * below - ratio[l]',
      to: 'lower[l] * upTo - ratio[l]',
      why: 'the influence of curation follows this derivative',
    },
  }),
  ...source('theory/tilt', [LEVEL_RULES], {
    'mean without masses': {
      from: 'if (mass[l] !== 0) mean += mass[l] * ratio[l];',
      to: 'if (mass[l] !== 0) mean += ratio[l];',
      why: 'H averages to 1 under the producer’s distribution',
    },
  }),
  ...source('theory/tilt', [LEVEL_RULES], {
    'derivative of the wrong sign': {
      from: 'out[l] = -sum * ratio[l];',
      to: 'out[l] = sum * ratio[l];',
      why: 'more mass on good outcomes lowers everyone’s ratio',
    },
  }),
  ...source('scenario/families/curator_plan', [MIXED, WRITTEN_CURATORS], {
    'adversary on top': {
      from: '...scaled(honest, 1 - adversary.share)',
      to: '...honest',
      why: 'what an adversary chooses the honest do not choose',
    },
    'noise of the honest alone': {
      from: 'scaled(seeing, 1 - noise)',
      to: 'seeing',
      why: 'the shares of a curator’s choices sum to 1',
    },
    'variety without spread': {
      from: 'const shift = variety.scale * node;',
      to: 'const shift = 0.5 * variety.scale * node;',
      why: 'rewards vary by the scale that is written',
    },
  }),
  ...source('scenario/families/curator_edges', [MIXED, WRITTEN_CURATORS], {
    'weight per taste': {
      from: 'edgeWeight[e] * part.share',
      to: 'edgeWeight[e]',
      why: 'curation is the same however many tastes a curator has',
    },
  }),
  ...source('cpu/preferences', [PREFERENCES], {
    'longer than one': {
      from: 'if (square <= 1) return;',
      to: 'if (square <= 4) return;',
      why: 'preferences are projected to |w| ≤ 1',
    },
    'one model watched': {
      from: 'const share = attention[i] * distributions[from + v];',
      to: 'const share = attention[i] * distributions[stateRow + v];',
      why: 'every model counts by the attention it gets',
    },
  }),
  ...source('cpu/preference_phases', [PREFERENCES], {
    'old tables': {
      from: 'if (codes.some((row) => state.liveCodes?.isLive(row) === true)) tilted.push(table);',
      to: 'if (codes.length === 0) tilted.push(table);',
      why: 'what infinitely many candidates choose follows the preference of the round',
    },
    'preferences of the round before': {
      from: 'drift.groups[item % groups],\n          state.next,',
      to: 'drift.groups[item % groups],\n          state.current,',
      why: 'preferences follow what the models have just become',
    },
  }),
  ...source('cpu/live_codes', [PREFERENCES], {
    'codes of the first round': {
      from: 'if (round === this.round) return;',
      to: 'if (this.round >= 0) return;',
      why: 'codes follow rewards',
    },
  }),
  ...source('cpu/limit_phases', [PREFERENCES], {
    'curation remembered': {
      from: 'if (this.moving.has(index)) return createCuration(curator);',
      to: '',
      why: 'rewards that move have new levels every round',
    },
  }),
  ...source('theory/without_replacement', [CLOCK], {
    'clock unmoved': {
      from: '(-candidates * d) / slope',
      to: '(-0.99 * candidates * d) / slope',
      why: 'more mass on good outcomes stops the clock earlier',
    },
    'what is left ignored': {
      from: 'kept < 0.5 ? took - kept : 1 - kept - left',
      to: 'Math.fround(took) - Math.fround(kept)',
      why: 'the clock must be set to double precision',
    },
    'upper bound from the best level': {
      from: 'logDepth - nodes[0]',
      to: 'logDepth - top',
      why: 'where the best are used up the clock runs until the worst ring',
    },
  }),
  ...source('theory/gaussian/tilt', [GAUSSIAN], {
    'mean left where it was': {
      from: 'factor.solve(outMean);',
      to: '',
      why: 'a quadratic reward pulls the mean to its centre',
    },
    'pull without temperature': {
      from: 'reward.quadratic.map((value) => value / temperature)',
      to: 'reward.quadratic',
      why: 'a warm curator pulls less',
    },
  }),
  ...source('theory/gaussian/system', [GAUSSIAN, GAUSSIAN_RUN], {
    'spread of the means left out': {
      from: 'part.covariance[i * d + j] + off * (part.mean[j] - mean[j])',
      to: 'part.covariance[i * d + j]',
      why: 'components apart make a mixture wider',
    },
  }),
  ...source('theory/gaussian/linear', [GAUSSIAN], {
    'means move covariances': {
      from: 'mean[i] * (law[j] - centre[j]) + off * mean[j]',
      to: 'mean[i] * (law[j] - centre[j])',
      why: 'the derivative of a product has two terms',
    },
    'covariance does not move the mean': {
      from: 'sum += covariance[i * d + j] * lean[j]',
      to: 'sum += 0 * lean[j]',
      why: 'a wider law is shifted further by curation',
    },
    'off-diagonal rewards once': {
      from: '(i === j ? -0.5 : -1)',
      to: '-0.5',
      why: 'an entry above the diagonal stands for two',
    },
    'raw data not given up': {
      from: 'edges[k] = -weights[k] / rest',
      to: 'edges[k] = 0',
      why: 'proportional compensation takes from real and raw data alike',
    },
  }),
  ...source('theory/gaussian/anchor', [GAUSSIAN], {
    'κ² for κ(1+κ)': {
      from: '1 - ratio * (1 + ratio) * s',
      to: '1 - ratio * ratio * s',
      why: 'the closed form in three dimensions',
    },
    'threshold without the 4': {
      from: 'return 4 * ratio',
      to: 'return 3 * ratio',
      why: 'the variance blows up at exactly 1',
    },
  }),
  ...source('theory/gaussian/distance', [GAUSSIAN], {
    'roots of determinants left out': {
      from: ' + 4 * (root1 - root2) ** 2',
      to: '',
      why: 'the Bures distance in two dimensions',
    },
  }),
  ...source('theory/oracles/collapse', [COLLAPSE], {
    'unbiased drift': {
      from: "estimator === 'mle' ? n : n - 1) / 2",
      to: "estimator === 'mle' ? n - 1 : n - 1) / 2",
      why: 'maximum likelihood shrinks the variance',
    },
    'first round counted': {
      from: 'for (let i = 2; i <= rounds + 1; i++) product',
      to: 'for (let i = 1; i <= rounds; i++) product',
      why: 'the initial law counts as a round of data',
    },
  }),
  ...source('cpu/gaussian_memory', [GAUSSIAN_RUN], {
    'window one round short': {
      from: 'const rounds = Math.min(window, round + 1);',
      to: 'const rounds = Math.min(window, round);',
      why: 'the initial state is the data of round 0',
    },
    'pool keeps the estimator’s covariance': {
      from: '(1 - w) * shrink * old.covariance[k]',
      to: '(1 - w) * old.covariance[k]',
      why: 'pooled sums of squares are those of maximum likelihood',
    },
  }),
  ...source('cpu/gaussian_factor', [GAUSSIAN_RUN], {
    'tilted factor not lowered': {
      from: 'sum -= lower[i * d + k] * upper[b * d + k]',
      to: 'sum -= 0 * upper[b * d + k]',
      why: 'L U⁻ᵀ is a whole back substitution',
    },
  }),
  ...source('cpu/gaussian_sampler', [GAUSSIAN_RUN], {
    'temperature of an argmax': {
      from: "rule !== 'argmax'",
      to: "rule === 'argmax'",
      why: 'argmax knows no luck, Plackett–Luce does',
    },
  }),
  ...source('plan/gaussian_plan', [GAUSSIAN_RUN], {
    'shares not added up': {
      from: 'sum += weight;',
      to: 'sum = weight;',
      why: 'thresholds are cumulative',
    },
  }),
];

/** @type {readonly Mutation[]} */
export const MUTATIONS = [...SHADER_MUTATIONS, ...SOURCE_MUTATIONS];
