/** A scenario that was pinned beside the one in the form: what differs in the inputs, and in what comes out. */
import type { TemplateResult } from 'lit/html.js';
import english from 'words:compare';
import type { LIT } from './panel.js';
import type { kebab, textOf } from './state.js';
import type { Exceeded, Field, PlanCounts, Report, Scenario } from './types.js';
import type { Voice } from './words.js';

/** How a scenario is asked about. */
export interface Asking {
  report: (scenario: Scenario) => Report;
  /** What becomes of requests at the cap, where that engine has been loaded. */
  exceeded: ((scenario: Scenario) => Exceeded | null) | undefined;
  /** What was refused, by kebab-case name. */
  explain: (thrown: unknown) => ReadonlyMap<string, string>;
}

export interface CompareInput extends Asking, Pick<Voice, 'words' | 'say' | 'format'> {
  lit: typeof LIT;
  fields: readonly Field[];
  kebab: typeof kebab;
  textOf: typeof textOf;
  pinned: Scenario;
  /** What was answered last. */
  now: Scenario;
  counted: (by: PlanCounts) => string;
  label: (field: Field) => string;
  /** What a scenario says of a field, in the reader's words. */
  said: (field: Field, scenario: Scenario) => string;
  swap: () => void;
  close: () => void;
}

interface Side {
  report: Report;
  exceeded: Exceeded | null;
}

/** One figure of a report: its label, and how it and a difference of it are written. */
interface Figure {
  label: string;
  of: (side: Side) => number | null;
  text: (x: number) => string;
}

const known = new Map<string, Side>();

/** What comes out of a scenario; asked for once, however often it is drawn. */
function side(scenario: Scenario, { report, exceeded }: Asking): Side {
  const key = JSON.stringify([scenario, !!exceeded]);
  let side = known.get(key);
  if (!side) {
    side = { report: report(scenario), exceeded: exceeded?.(scenario) ?? null };
    if (known.size > 9) known.clear();
    known.set(key, side);
  }
  return side;
}

/** The pinned side as it is copied. */
export function copied(pinned: Scenario, asking: Asking): { scenario: Scenario; report: Report } | undefined {
  try {
    return { scenario: pinned, report: side(pinned, asking).report };
  } catch {
    return undefined;
  }
}

export function render(input: CompareInput): TemplateResult {
  const { lit: { html }, words } = input;
  const text = words('compare', english);
  let [pinned, refused]: [Side | null, string[]] = [null, []];
  try {
    pinned = side(input.pinned, input);
  } catch (thrown) {
    const errors = input.explain(thrown);
    refused = input.fields.flatMap((field) => {
      const error = errors.get(input.kebab(field.name));
      return error ? [input.say(text.refusal, { field: input.label(field), words: error })] : [];
    });
  }
  return html`<div class="compared" part="compared">
    <div class="above"><h3 id="compared" tabindex="-1">${text.title}</h3>
      <span>${pinned ? html`<button type="button" class="link" @click=${input.swap}>${text.swap}</button>` : ''}
        <button type="button" class="link" @click=${input.close}>${text.close}</button></span></div>
    ${pinned ? table(pinned, input) : html`<p class="note">${text.refused} ${refused.join(' ')}</p>`}
  </div>`;
}

function table(was: Side, input: CompareInput): TemplateResult {
  const { lit: { html }, words, textOf, pinned, now } = input;
  const text = words('compare', english);
  const is = side(now, input);
  const changed = input.fields.filter(({ name }) => textOf(pinned, name) !== textOf(now, name));
  return html`${changed.length === 0 ? html`<p class="hint">${text.same}</p>` : ''}
    <div class="scroll" tabindex="0" role="region" aria-label=${text.title}><table part="table">
      <thead><tr><td></td><th scope="col">${text.pinned}</th><th scope="col">${text.now}</th><th scope="col">${text.difference}</th></tr></thead>
      <tbody>${changed.map((field) => html`<tr><th scope="row">${input.label(field)}</th>
        <td>${input.said(field, pinned)}</td><td>${input.said(field, now)}</td><td></td></tr>`)}</tbody>
      <tbody>${figures(was, is, input).map((figure, i) => row(figure, was, is, i === 0, input))}</tbody></table></div>`;
}

function figures(was: Side, is: Side, { words, say, format: f, counted }: CompareInput): Figure[] {
  const text = words('compare', english);
  const [before, after] = [was, is].map(({ report }) => counted(report.sizing.planCounts)) as [string, string];
  const tier = ({ report: { sizing, tiers } }: Side) => tiers.find(({ size }) => size === sizing.plan);
  const all: Figure[] = [
    {
      label: before === after ? say(text.needed, { unit: after }) : say(text.neededOf, { was: before, is: after }),
      of: ({ report }) => report.sizing.required, text: f.exact,
    },
    { label: text.plan, of: ({ report }) => report.sizing.plan, text: f.exact },
    { label: text.price, of: ({ report }) => report.sizing.planPrice, text: f.price },
    { label: text.used, of: (side) => tier(side)?.used ?? null, text: f.percent },
    { label: text.mean, of: ({ report }) => report.sizing.charged, text: f.exact },
    { label: text.stress, of: ({ report }) => report.sizing.stressP95, text: f.exact },
    { label: text.largest, of: (side) => tier(side)?.largestRateWithHeadroom ?? null, text: (x) => f.number(x, 3) },
    { label: text.fails, of: ({ exceeded }) => exceeded && Math.min(1, exceeded.once.rejected + exceeded.once.timedOut), text: f.percent },
  ];
  return all.filter(({ of }) => of(was) !== null || of(is) !== null);
}

function row({ label, of, text }: Figure, pinned: Side, now: Side, first: boolean, { lit: { html }, words, format: f }: CompareInput): TemplateResult {
  const said = words('compare', english);
  const [was, is] = [of(pinned), of(now)];
  const cell = (x: number | null): string => (x === null ? said.none : text(x));
  return html`<tr class=${first ? 'chosen' : ''}><th scope="row">${label}</th><td>${cell(was)}</td><td>${cell(is)}</td>
    <td data-difference>${was === null || is === null ? '' : difference(was, is)}</td></tr>`;

  function difference(was: number, is: number): unknown {
    if (was === is) return html`<span class="tag">${said.equal}</span>`;
    const sign = is > was ? '+' : '−';
    // Of a share the ratio would be read as points.
    const ratio = was === 0 || text === f.percent ? '' : html` <span class="tag"><bdi dir="ltr">${sign}${f.percent(Math.abs((is - was) / was))}</bdi></span>`;
    return html`<bdi dir="ltr">${sign}${text(Math.abs(is - was))}</bdi>${ratio}`;
  }
}
