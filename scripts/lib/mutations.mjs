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
const LEVEL_RULES = 'test/mutation/level_rules.test.ts';
const CPU_TABLES = 'test/mutation/cpu_tables.test.ts';

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
    'entropy in bits': { from: '-p * log(p)', to: '-p * log2(p)', why: 'entropy is given in nats' },
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
  ...kernel('reweigh', {
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
      from: 'let scale = 1f / sum_lanes(lane, chosen_mass);',
      to: 'let scale = 1f / max(sum_lanes(lane, chosen_mass), 1e37f) * 1e37f;',
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
  }),
  ...kernel('sample', {
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
      from: 'let room = 30u + countLeadingZeros(params.outcomes);',
      to: 'let room = 30u + countLeadingZeros(params.outcomes - 1u);',
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
      from: 'weighed[(replicate * params.replicate_tables + table.base) * params.outcomes + v];',
      to: 'weighed[(replicate * params.replicate_tables + index) * params.outcomes + v];',
      why: 'a tilt starts from its producer’s masses',
    },
    'all worse ranks': {
      from: 'code == favourite',
      to: 'code <= favourite',
      why: 'best of infinitely many takes the best alone',
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
      from: 'const room = 30 + Math.clz32(outcomes);',
      to: 'const room = Math.clz32(outcomes);',
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
  ...source('cpu/measure', [AGREEMENT], {
    'entropy of the wrong sign': {
      from: 'entropy -= p * Math.log(p)',
      to: 'entropy += p * Math.log(p)',
      why: 'entropies are positive',
    },
    'distance not halved': {
      from: 'out[at + 3] = step / 2;',
      to: 'out[at + 3] = step;',
      why: 'total variation is half the sum of differences',
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
      from: 'const RULE = { identity: 0, plackettLuce: 1, tilt: 2, argmax: 3, top: 4 } as const;',
      to: 'const RULE = { identity: 0, plackettLuce: 1, tilt: 2, argmax: 4, top: 3 } as const;',
      why: 'host and shaders number the rules alike',
    },
  }),
  ...source('plan/curator_tables', [PLAN], {
    'position from the cell’s other side': {
      from: '- nodes[cell[v]]) / spacing',
      to: '- nodes[cell[v] + 1]) / spacing',
      why: 'interpolation would happen one node off',
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
];

/** @type {readonly Mutation[]} */
export const MUTATIONS = [...SHADER_MUTATIONS, ...SOURCE_MUTATIONS];
