/** `<bf-theme>`: light, dark, or as the system has it; remembered on this machine, not part of a link. */
import { html, LitElement } from 'lit';
import type { TemplateResult } from 'lit';
import { sharedStyles } from './shared_styles.ts';

const KEY = 'backfire-theme';
const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

function stored(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'system';
  } catch {
    return 'system'; // storage may be forbidden
  }
}

export class ThemeButton extends LitElement {
  static override readonly properties = { theme: { state: true } };
  static override readonly styles = sharedStyles;
  declare private theme: Theme;

  constructor() {
    super();
    this.theme = stored();
    this.apply();
  }

  private apply(): void {
    if (this.theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = this.theme;
  }

  protected override render(): TemplateResult {
    return html`<select aria-label="Colours" @change=${this.choose}>
      ${THEMES.map(
        (theme) =>
          html`<option value=${theme} ?selected=${theme === this.theme}>
            ${theme === 'system' ? 'System colours' : theme === 'light' ? 'Light' : 'Dark'}
          </option>`,
      )}
    </select>`;
  }

  private readonly choose = (event: Event): void => {
    if (!(event.target instanceof HTMLSelectElement)) return;
    const { value } = event.target;
    this.theme = THEMES.find((theme) => theme === value) ?? 'system';
    this.apply();
    try {
      localStorage.setItem(KEY, this.theme);
    } catch {
      // Where storage is forbidden the choice lasts as long as the page.
    }
    window.dispatchEvent(new Event('backfire-theme'));
  };
}

customElements.define('bf-theme', ThemeButton);
