/** What theory says about the scenario on the page. */
import type { Compensation, Failure, Prediction, ScenarioSource } from '../worker/protocol.ts';
import { Observable } from './observable.ts';
import { failureFrom, valueOf } from './workers.ts';
import type { RemoteLab } from './workers.ts';

export class TheoryService extends Observable {
  /** Of the scenario last asked about; null while it is being worked out, or where it failed. */
  prediction: Prediction | null = null;
  working = false;
  failure: Failure | null = null;
  private asked = 0;

  constructor(private readonly worker: RemoteLab) {
    super();
  }

  showStored(prediction: Prediction): void {
    this.prediction = prediction;
    this.changed();
  }

  async solve(source: ScenarioSource, compensation: Compensation): Promise<void> {
    const asked = ++this.asked;
    this.working = true;
    this.failure = null;
    this.changed();
    try {
      const prediction = await valueOf(this.worker.solve({ ...source, compensation }));
      if (asked === this.asked) this.prediction = prediction;
    } catch (error) {
      if (asked !== this.asked) return;
      this.prediction = null;
      this.failure = failureFrom(error);
    } finally {
      if (asked === this.asked) {
        this.working = false;
        this.changed();
      }
    }
  }

  /** The verdict on one model in words, styled by marks; empty where there is none. Throws LabError. */
  about(model: number): Promise<string> {
    return valueOf(this.worker.verdictOf(model));
  }
}
