import type { TemplateResult } from 'lit/html.js';
import type { PanelInput } from '../panel.js';

export function render({ lit: { html } }: PanelInput): TemplateResult {
  return html`<p></p>`;
}
