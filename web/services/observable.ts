/** Who changes tells; who shows listens. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

export class Observable {
  readonly #listeners = new Set<() => void>();

  /** Returns what ends the subscription. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  protected changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Renders an element again whenever one of the services changes, while it is on the page; Lit renders once however often that is. */
export class Watching implements ReactiveController {
  private ends: (() => void)[] = [];

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly services: () => readonly Observable[],
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.ends = this.services().map((service) =>
      service.subscribe(() => {
        this.host.requestUpdate();
      }),
    );
  }

  hostDisconnected(): void {
    for (const end of this.ends) end();
    this.ends = [];
  }
}
