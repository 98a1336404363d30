/**
 * Which blocks an elimination needs, before any is computed. Equal operations on equal blocks get one number, so that symmetric
 * networks cost what their few kinds of links cost. What a block is, a matrix or a number per outcome, is up to the one who evaluates.
 */

/** Number of a block in a plan. */
export type Block = number;

export type BlockOperation =
  /** Σ weight·matrix; matrix −1 is the identity. */
  | { readonly kind: 'base'; readonly terms: readonly (readonly [matrix: number, weight: number])[] }
  /** base − Σ count·left·right. */
  | {
      readonly kind: 'schur';
      readonly base: Block;
      readonly terms: readonly (readonly [left: Block, right: Block, count: number])[];
    }
  | { readonly kind: 'inverse'; readonly of: Block }
  | { readonly kind: 'product'; readonly left: Block; readonly right: Block };

export class BlockPlan {
  readonly operations: BlockOperation[] = [];
  /** c where the block is c times the identity, NaN otherwise. */
  readonly scalar: number[] = [];
  /** Multiplications and additions to evaluate all of it. */
  work = 0;
  private readonly known = new Map<string, Block>();

  /** `cost`: multiplications and additions of one product or inverse. */
  constructor(private readonly cost: number) {}

  base(terms: readonly (readonly [matrix: number, weight: number])[]): Block {
    const merged = new Map<number, number>();
    for (const [matrix, weight] of terms) merged.set(matrix, (merged.get(matrix) ?? 0) + weight);
    const sorted = [...merged].filter(([, weight]) => weight !== 0).sort(([a], [b]) => a - b);
    const scalar = sorted.length === 0 ? 0 : sorted.length === 1 && sorted[0][0] < 0 ? sorted[0][1] : NaN;
    return this.add(`b${sorted.join(';')}`, { kind: 'base', terms: sorted }, scalar, 0);
  }

  schur(base: Block, terms: readonly (readonly [left: Block, right: Block, count: number])[]): Block {
    if (terms.length === 0) return base;
    const sorted = [...terms].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    let scalar = this.scalar[base];
    let work = 0;
    for (const [left, right, count] of sorted) {
      scalar -= count * this.scalar[left] * this.scalar[right];
      if (this.isDense(left) && this.isDense(right)) work += this.cost;
    }
    return this.add(`s${base}|${sorted.join(';')}`, { kind: 'schur', base, terms: sorted }, scalar, work);
  }

  inverse(of: Block): Block {
    return this.add(`i${of}`, { kind: 'inverse', of }, 1 / this.scalar[of], this.cost);
  }

  product(left: Block, right: Block): Block {
    const work = this.isDense(left) && this.isDense(right) ? this.cost : 0;
    const scalar = this.scalar[left] * this.scalar[right];
    return this.add(`p${left}|${right}`, { kind: 'product', left, right }, scalar, work);
  }

  isDense(block: Block): boolean {
    return Number.isNaN(this.scalar[block]);
  }

  private add(key: string, operation: BlockOperation, scalar: number, work: number): Block {
    const found = this.known.get(key);
    if (found !== undefined) return found;
    const block = this.operations.push(operation) - 1;
    this.scalar.push(scalar);
    this.known.set(key, block);
    this.work += work;
    return block;
  }
}
