/** Icons of the Lucide set (ISC licence) as SVG templates; decoration only, so each button has a name of its own. */
import { svg, html } from 'lit';
import type { TemplateResult } from 'lit';
import { unsafeSVG } from 'lit/directives/unsafe-svg.js';
import type { IconNode } from 'lucide';

/** `size` in CSS pixels. */
export function icon(node: IconNode, size = 18): TemplateResult {
  const shapes = node
    .map(([tag, attributes]) => {
      const text = Object.entries(attributes)
        .map(([name, value]) => `${name}="${String(value)}"`)
        .join(' ');
      return `<${tag} ${text}></${tag}>`;
    })
    .join('');
  return html`<svg
    class="icon"
    width=${size}
    height=${size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${svg`${unsafeSVG(shapes)}`}
  </svg>`;
}

export {
  ChevronDown,
  Download,
  FolderOpen,
  Info,
  Link2,
  Pause,
  Pin,
  PinOff,
  Play,
  RotateCcw,
  SkipForward,
  StepForward,
  X,
} from 'lucide';
