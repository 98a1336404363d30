/** Places for the graphs of many models, worked out once per scenario. */
import type { EcosystemBrief } from '../worker/protocol.ts';
import { Observable } from './observable.ts';
import { failureFrom, valueOf } from './workers.ts';
import type { RemoteLab } from './workers.ts';

type Graph = Pick<EcosystemBrief, 'models' | 'edges'>;

export class LayoutService extends Observable {
  /** [model][x, y] within −1 … 1; null while it is worked out. */
  points: Float32Array | null = null;
  /** Why there are none, or empty. */
  failure = '';
  private graph: Graph | null = null;
  private working: Promise<void> = Promise.resolve();

  constructor(private readonly worker: RemoteLab) {
    super();
  }

  /** Starts unless this graph is there or on its way; resolves when it is there or failed. */
  place(graph: Graph): Promise<void> {
    if (this.graph === graph) return this.working;
    const known = this.graph !== null && sameGraph(this.graph, graph);
    this.graph = graph;
    if (known) return this.working;
    this.points = null;
    this.failure = '';
    this.working = this.work(graph);
    return this.working;
  }

  private async work(graph: Graph): Promise<void> {
    const { models, edges } = graph;
    const { start, producer, weight } = edges;
    try {
      const points = await valueOf(this.worker.layout({ models: models.length, start, producer, weight }));
      if (this.isPresent(graph)) this.points = points;
    } catch (error) {
      if (this.isPresent(graph)) this.failure = failureFrom(error).message;
    }
    this.changed();
  }

  /** Whether the graph, or one like it, is still the one that is wanted. */
  private isPresent(graph: Graph): boolean {
    return this.graph !== null && sameGraph(this.graph, graph);
  }
}

/** Whether the same models train on the same, however much: then places stay, so that people find their models again. */
function sameGraph(one: Graph, other: Graph): boolean {
  return (
    one.models.length === other.models.length &&
    sameNumbers(one.edges.start, other.edges.start) &&
    sameNumbers(one.edges.producer, other.edges.producer)
  );
}

function sameNumbers(one: Uint32Array, other: Uint32Array): boolean {
  return one.length === other.length && one.every((value, k) => value === other[k]);
}
