/** The one state of the page that a link repeats, and its way into the address. */
import { DEFAULT_STATE } from '../state/lab_state.ts';
import type { LabState } from '../state/lab_state.ts';
import { Observable } from './observable.ts';

/** Browsers refuse addresses that change more often. */
const ADDRESS_MS = 300;

export class Store extends Observable {
  private current: LabState = DEFAULT_STATE;
  private written: string | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** Why the present state has no link, or empty. */
  linkProblem = '';

  get state(): LabState {
    return this.current;
  }

  /** Replaces parts of the state. */
  set(change: Partial<LabState>): void {
    this.current = { ...this.current, ...change };
    this.changed();
    this.timer ??= setTimeout(() => {
      this.timer = null;
      void this.writeAddress();
    }, ADDRESS_MS);
  }

  /** Takes the state from the page's address; returns what was wrong with it, or null where the address says nothing new. */
  async readAddress(): Promise<readonly string[] | null> {
    const fragment = location.hash;
    if (fragment === this.written || (fragment === '' && this.written === null)) return null;
    this.written = fragment;
    const { decodeLink } = await import('../state/link.ts');
    const { state, problems } = await decodeLink(fragment);
    if (this.written !== fragment) return null; // the address has changed again
    this.current = state;
    this.changed();
    return problems;
  }

  /** The address of the present state, for sharing. Throws InputError where it is too large for a link. */
  async link(): Promise<string> {
    const { encodeLink } = await import('../state/link.ts');
    const fragment = await encodeLink(this.current);
    return `${location.origin}${location.pathname}${fragment}`;
  }

  private async writeAddress(): Promise<void> {
    try {
      const { hash } = new URL(await this.link());
      this.linkProblem = '';
      this.written = hash;
      if (hash !== location.hash) history.replaceState(null, '', hash === '' ? location.pathname : hash);
    } catch (error) {
      this.linkProblem = error instanceof Error ? error.message : String(error);
      this.changed();
    }
  }
}
