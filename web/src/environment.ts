/** The small forms inside panels: fields of where it runs, as the form shows its own. */
import type { TemplateResult } from 'lit/html.js';
import type { PanelInput } from './panel.js';

/** What stands where nothing is given, by kebab-case name, as a reader of the form's language would type it. */
export const defaults = ({ format }: PanelInput, known: Record<string, number | null>): Record<string, string> =>
  Object.fromEntries(Object.entries(known).flatMap(([name, value]) => (value === null ? [] : [[name, format.number(value, 12)]])));

/** `names` at once, `more` behind a fold that opens by itself where one of them is wrong. */
export function form(
  { lit: { html, nothing }, row, errors, local }: PanelInput, title: string, names: readonly string[], moreTitle: string, more: readonly string[],
  placeholders: Readonly<Record<string, string>> = {},
): TemplateResult {
  // It does not close under the hand that mends it.
  local['opened'] ||= more.some((name) => errors.has(name));
  const rows = (names: readonly string[]) => html`<div class="fields">${names.map((name) => row(name, { scope: 'panel-', placeholders }))}</div>`;
  return html`<form class="own" aria-label=${title} autocomplete="off" @submit=${(event: Event) => event.preventDefault()}>
    ${rows(names)}
    ${more.length > 0 ? html`<details class="more-of" ?open=${local['opened']}><summary>${moreTitle}</summary>${rows(more)}</details>` : nothing}
  </form>`;
}
