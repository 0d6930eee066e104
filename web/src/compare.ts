/** A scenario that was pinned beside the one in the form: what differs in the inputs, and in what comes out. */
import type { TemplateResult } from 'lit/html.js';
import type { Format } from './format.js';
import english from 'words:compare';
import type { LIT } from './panel.js';
import type { Exceeded, Field, Report, Scenario } from './types.js';
import type { Say, Sections, Words } from './words.js';

export interface Side {
  scenario: Scenario;
  report: Report;
  /** What becomes of requests at the cap, where that has been loaded. */
  exceeded: Exceeded | null;
}

export interface CompareInput {
  lit: typeof LIT;
  format: Format;
  words: Words;
  say: Say;
  terms: Sections['answer'];
  /** Fields of which the two sides say something else. */
  changed: readonly Field[];
  pinned: Side | null;
  /** Why there is no pinned side, by name of the field. */
  errors: ReadonlyMap<string, string>;
  now: Side;
  label: (name: string) => string;
  /** What a scenario says of a field, in the reader's words. */
  said: (field: Field, scenario: Scenario) => string;
  swap: () => void;
  close: () => void;
}

/** One figure of a report: its label, and how it and a difference of it are written. */
interface Figure {
  label: string;
  of: (side: Side) => number | null;
  text: (x: number) => string;
}

export function render(input: CompareInput): TemplateResult {
  const { lit: { html, nothing }, words, pinned, now, changed, errors, swap, close } = input;
  const text = words('compare', english);
  return html`<section class="compared" part="compared" aria-labelledby="compared">
    <div class="above"><h3 id="compared" tabindex="-1">${text.title}</h3>
      <span>${pinned ? html`<button type="button" class="link" @click=${swap}>${text.swap}</button>` : nothing}
        <button type="button" class="link" @click=${close}>${text.close}</button></span></div>
    ${!pinned
      ? html`<p class="note">${text.refused} ${[...errors].map(([name, words]) => input.say(text.refusal, { field: input.label(name), words })).join(' ')}</p>`
      : html`${changed.length === 0 ? html`<p class="hint">${text.same}</p>` : nothing}
        <div class="scroll" tabindex="0" role="region" aria-label=${text.title}><table part="table">
          <thead><tr><td></td><th scope="col">${text.pinned}</th><th scope="col">${text.now}</th><th scope="col">${text.difference}</th></tr></thead>
          <tbody>${changed.map((field) => html`<tr><th scope="row">${input.label(field.name)}</th>
            <td>${input.said(field, pinned.scenario)}</td><td>${input.said(field, now.scenario)}</td><td></td></tr>`)}</tbody>
          <tbody>${figures(input, pinned, now).map((figure, i) => row(figure, pinned, now, i === 0, input))}</tbody></table></div>`}
  </section>`;
}

function figures({ format: f, words, say, terms }: CompareInput, pinned: Side, now: Side): Figure[] {
  const text = words('compare', english);
  const unit = ({ report: { sizing } }: Side): string => terms.counted[sizing.planCounts];
  const tier = ({ report: { sizing, tiers } }: Side) => tiers.find(({ size }) => size === sizing.plan);
  const all: Figure[] = [
    { label: unit(pinned) === unit(now) ? say(text.needed, { unit: unit(now) }) : say(text.neededOf, { was: unit(pinned), is: unit(now) }), of: ({ report }) => report.sizing.required, text: f.exact },
    { label: text.plan, of: ({ report }) => report.sizing.plan, text: f.exact },
    { label: text.price, of: ({ report }) => report.sizing.planPrice, text: f.price },
    { label: text.used, of: (side) => tier(side)?.used ?? null, text: f.percent },
    { label: text.mean, of: ({ report }) => report.sizing.charged, text: f.exact },
    { label: text.stress, of: ({ report }) => report.sizing.stressP95, text: f.exact },
    { label: text.largest, of: (side) => tier(side)?.largestRateWithHeadroom ?? null, text: (x) => f.number(x, 3) },
    { label: text.fails, of: ({ exceeded }) => exceeded && Math.min(1, exceeded.once.rejected + exceeded.once.timedOut), text: f.percent },
  ];
  return all.filter(({ of }) => of(pinned) !== null || of(now) !== null);
}

function row({ label, of, text }: Figure, pinned: Side, now: Side, first: boolean, { lit: { html }, format: f, words }: CompareInput): TemplateResult {
  const said = words('compare', english);
  const [was, is] = [of(pinned), of(now)];
  const cell = (x: number | null): string => (x === null ? said.none : text(x));
  return html`<tr class=${first ? 'chosen' : ''}><th scope="row">${label}</th><td>${cell(was)}</td><td>${cell(is)}</td>
    <td data-difference>${was === null || is === null ? '' : difference()}</td></tr>`;

  function difference(): unknown {
    if (was === is) return html`<span class="tag">${said.equal}</span>`;
    const by = is! - was!;
    const sign = by > 0 ? '+' : '−';
    // Of a share the ratio would be read as points.
    const ratio = was === 0 || text === f.percent ? '' : html` <span class="tag">${sign}${f.percent(Math.abs(by / was!))}</span>`;
    return html`${sign}${text(Math.abs(by))}${ratio}`;
  }
}
