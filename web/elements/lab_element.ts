/** An element of the lab: it has the lab, and renders again when what it shows changes. */
import { LitElement } from 'lit';
import { Watching } from '../services/observable.ts';
import type { Observable } from '../services/observable.ts';
import type { Lab } from '../services/lab.ts';

export abstract class LabElement extends LitElement {
  static override readonly properties: Record<string, object> = { lab: { attribute: false } };

  declare lab: Lab;

  constructor() {
    super();
    new Watching(this, () => this.services());
  }

  /** What the element shows; `lab` is set before the element connects. */
  protected services(): readonly Observable[] {
    const { lab } = this;
    return [lab, lab.store, lab.run, lab.theory];
  }
}
