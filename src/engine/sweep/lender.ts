/** One backend for all batches of a sweep: chosen on the first, opened once, so that all cells come from the same arithmetic. */
import type { Ensemble } from '../../scenario/ecosystem.ts';
import type { BackendRequest } from '../choose.ts';
import { chooseBackend } from '../choose.ts';
import type { Platform } from '../platform.ts';
import type { BackendInfo } from '../results.ts';
import type { Backend } from '../simulation.ts';

export class BackendLender {
  private real: Backend | null = null;
  private lent: Backend | null = null;
  private chosen: BackendInfo | null = null;

  constructor(
    private readonly request: BackendRequest,
    private readonly platform: Platform,
  ) {}

  /** Null before the first `lend`. */
  get info(): BackendInfo | null {
    return this.chosen;
  }

  /** A backend that its borrower may destroy without harm. Throws `no-adapter`, `bad-adapter` or InputError. */
  async lend(ensemble: Ensemble): Promise<Backend> {
    if (this.lent !== null) return this.lent;
    const choice = await chooseBackend(ensemble, this.chosen?.kind ?? this.request, this.platform);
    const real = choice.backend;
    const { kind, description } = real;
    this.chosen = { kind, description, reason: this.chosen?.reason ?? choice.reason };
    this.real = real;
    this.lent = {
      kind,
      description,
      checkSize(asked) {
        real.checkSize(asked);
      },
      createSimulation: (asked, options) => real.createSimulation(asked, options),
      destroy() {
        // Others will borrow it.
      },
    };
    return this.lent;
  }

  /** To be told of the backend that a borrower ended with: another one where its device was lost. */
  takeBack(backend: Backend): void {
    if (backend === this.lent) return;
    this.destroy();
  }

  destroy(): void {
    this.real?.destroy();
    this.real = null;
    this.lent = null;
  }
}
