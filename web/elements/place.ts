/** Where an element stands: how wide it is, whether it can be seen, and the theme around it. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Room ahead of the window in which an element already counts as seen. */
const AHEAD = '200px';

export class Place implements ReactiveController {
  /** In CSS pixels; 0 until it is known. */
  width = 0;
  /** Whether it is in the window or near it, in a visible tab. */
  seen = false;
  /** Counts changes of theme, so that what was drawn in the colours of one is drawn again. */
  theme = 0;
  private near = false;
  private readonly dark = matchMedia('(prefers-color-scheme: dark)');
  private readonly sizes = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry.contentRect.width);
    if (Math.abs(width - this.width) < 2) return;
    this.width = width;
    this.host.requestUpdate();
  });
  private readonly views = new IntersectionObserver(
    (entries) => {
      this.near = entries.some((entry) => entry.isIntersecting);
      this.look();
    },
    { rootMargin: AHEAD },
  );
  private readonly themes = new MutationObserver(() => {
    this.onTheme();
  });

  constructor(private readonly host: ReactiveControllerHost & HTMLElement) {
    host.addController(this);
  }

  hostConnected(): void {
    this.sizes.observe(this.host);
    this.views.observe(this.host);
    this.themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    this.dark.addEventListener('change', this.onTheme);
    document.addEventListener('visibilitychange', this.look);
  }

  hostDisconnected(): void {
    this.sizes.disconnect();
    this.views.disconnect();
    this.themes.disconnect();
    this.dark.removeEventListener('change', this.onTheme);
    document.removeEventListener('visibilitychange', this.look);
  }

  private readonly look = (): void => {
    const seen = this.near && !document.hidden;
    if (seen === this.seen) return;
    this.seen = seen;
    if (seen) this.host.requestUpdate();
  };

  private readonly onTheme = (): void => {
    this.theme += 1;
    this.host.requestUpdate();
  };
}
