/** The inputs, made from the core's own table of fields. */
import { html, type noChange, nothing, type TemplateResult } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import formWords from 'words:form';
import { unitLabel, type FieldTexts } from './messages.js';
import { shifted } from './number.js';
import { isShare, kebab, localized, type Texts } from './state.js';
import type { Field } from './types.js';
import type { Say, Sections, Words } from './words.js';

export interface FormInput {
  fields: readonly Field[];
  /** Labels, hints and options of the fields. */
  labels: FieldTexts;
  /** One line more for each. */
  help: Readonly<Record<string, string>>;
  words: Words;
  units: Sections['units'];
  say: Say;
  texts: Texts;
  /** What is wrong, by kebab-case name. */
  errors: ReadonlyMap<string, string>;
  /** What the core took for a field, for the sliders. */
  taken: Readonly<Record<string, unknown>>;
  decimalMark: string;
  /** What stands where nothing is given and the field itself does not say, by kebab-case name. */
  placeholders?: Readonly<Record<string, string>>;
  /** Before the names in ids, where a field may be shown twice. */
  scope?: string;
  /** Whether a field is shown as text, for the reader to see and not to change. */
  fixed: (name: string) => boolean;
  onText: (name: string, text: string) => void;
  onCompare?: (() => void) | undefined;
}

const SHORT = ['arrival-rate', 'response-time', 'headroom'];
const MAIN = ['arrival-rate', 'response-time', 'response-time-p95', 'headroom', 'plan-tiers', 'inner-http', 'over-limit'];
/** Choices that sit in the box of the number whose unit they are. */
const UNIT_OF: Record<string, string> = { 'arrival-rate': 'rate-unit', deadline: 'deadline-unit' };
/** Choices that show all their options side by side. */
const SEGMENTS = new Set(['inner-http', 'spell']);

/** Sliders: from, to and mapping between the position and the number in the field's unit. */
const SLIDERS: Record<string, { min: number; max: number; step: number; at: (x: number) => number; from: (p: number) => string }> = {
  // From 50 ms to 100 s by tenths of a power of e: the same turn of the hand is the same factor everywhere.
  'response-time': {
    min: Math.log(0.05), max: Math.log(100), step: 0.1, at: Math.log, from: (p) => String(Number(Math.exp(p).toPrecision(2))),
  },
  headroom: { min: 0, max: 100, step: 1, at: (x) => x * 100, from: String },
};

/** Whether a field stands among those that are always to be seen. */
export const isMain = (name: string): boolean => MAIN.includes(name) || name === UNIT_OF[MAIN[0]!];

/** `more` are the folded inputs, where they have come; out of sight they follow later. */
export function form(input: FormInput, more: TemplateResult | typeof noChange | undefined, open: boolean, onMore: () => void): TemplateResult {
  const text = input.words('form', formWords);
  return html`<form class="inputs" part="inputs" aria-label=${text.inputs} autocomplete="off" @submit=${noSubmit}>
    ${MAIN.map((name) => row(name, input))}
    <button type="button" class="link more" aria-expanded=${open} aria-controls="more" @click=${onMore}>${open ? '−' : '+'} ${text.more}</button>
    </form>
    <form class="more-inputs" id="more" aria-label=${text.more} autocomplete="off" ?hidden=${!open} @submit=${noSubmit}>${more}</form>`;
}

/** The least that is typed; besides, each field that was wrong, which would else be gone from under the hand that mends it. */
export function shortForm(input: FormInput, wrong: Iterable<string>): TemplateResult {
  const names = new Set([...SHORT, ...wrong]);
  names.delete(UNIT_OF[SHORT[0]!]!);
  return html`<form class="inputs" part="inputs" aria-label=${input.words('form', formWords).inputs} autocomplete="off" @submit=${noSubmit}>${[...names].map((name) => row(name, input))}</form>`;
}

const idOf = (name: string, { scope = '' }: FormInput): string => scope + name;

const noSubmit = (event: Event): void => event.preventDefault();

/** One field: label, hint, control and what is wrong with it. Nothing where there is no field of that name. */
export function row(name: string, input: FormInput): TemplateResult | typeof nothing {
  const find = (name: string | undefined) => input.fields.find((field) => kebab(field.name) === name);
  const field = find(name);
  if (!field) return nothing;
  const { label, hint } = input.labels[name] ?? { label: field.name };
  const title = input.help[name] ?? nothing;
  const id = idOf(name, input);
  const unitName = UNIT_OF[name];
  const unitField = find(unitName);
  const error = input.errors.get(name) ?? (unitName ? input.errors.get(unitName) : undefined);
  if (input.fixed(name)) {
    const said = given(field, name, input);
    return said || error ? html`<div class="field fixed ${error ? 'wrong' : ''}" title=${title}>
      <p class="label">${label}</p><p class="given" data-given=${name}>${said}</p>${message(name, id, error)}</div>` : nothing;
  }
  if (SEGMENTS.has(name)) {
    return html`<fieldset class="field segments" title=${title}>
      <legend><span class="label">${label}</span>
        ${input.onCompare ? html`<button type="button" class="link hint" @click=${input.onCompare}>${input.words('form', formWords).compare}</button>` : nothing}</legend>
      <div class="box">${options(field, input).map(([value, text]) => html`<label>
        <input type="radio" name=${name} value=${value} .checked=${live(current(field, name, input) === value)}
          @change=${() => input.onText(name, value)}><span>${text}</span></label>`)}</div>
      ${message(name, id, error)}
    </fieldset>`;
  }
  const slider = SLIDERS[name];
  const describedBy = [hint ? `hint-${id}` : '', error ? `error-${id}` : ''].filter(Boolean).join(' ');
  return html`<div class="field ${error ? 'wrong' : ''}" title=${title}>
    <div class="above"><label class="label" for=${id}>${label}</label>
      ${hint ? html`<span class="hint" id="hint-${id}">${hint}</span>` : nothing}</div>
    <div class="box">${control(field, name, input, describedBy, !!error)}
      ${unitField ? select(unitField, unitName!, input, label) : unit(field, input)}</div>
    ${slider ? range(field, name, label, slider, input) : nothing} ${message(name, id, error)}
  </div>`;
}

function message(name: string, id: string, error: string | undefined): TemplateResult {
  return html`<p class="error" id="error-${id}" data-error=${name}>${error ?? nothing}</p>`;
}

const withUnit = (number: string, field: Field, input: FormInput): string =>
  isShare(field) ? input.say(input.units.percent, { number }) : `${number} ${unitText(field, input)}`.trim();

const unitText = (field: Field, { units }: FormInput): string => unitLabel(field, isShare(field), units);

function unit(field: Field, input: FormInput): TemplateResult | typeof nothing {
  const text = unitText(field, input);
  return text ? html`<span class="unit" aria-hidden="true">${text}</span>` : nothing;
}

const options = (field: Field, { labels }: FormInput): readonly (readonly [string, string])[] => {
  const said = labels[kebab(field.name)]?.options ?? {};
  return field.takes.kind === 'choice' ? field.takes.options.map((option) => [option, said[option] ?? option]) : [];
};

/** The text of a field, or what stands where none is given. */
function current(field: Field, name: string, { texts }: FormInput): string {
  const fallback = 'default' in field.takes ? field.takes.default : null;
  return texts[name] ?? (fallback === null ? '' : String(fallback));
}

/** What holds for a field, as text. Empty where nothing is given. */
export function given(field: Field, name: string, input: FormInput): string {
  const now = current(field, name, input);
  const text = input.words('form', formWords);
  if (field.takes.kind === 'choice') {
    return options(field, input).find(([value]) => value === now)?.[1] ?? (now || input.labels[name]?.options?.[''] || text.optionDefault);
  }
  if (field.takes.kind === 'switch') return now === 'true' ? text.yes : now === 'false' ? text.no : now;
  return now && !/[\p{L}%]\s*$/u.test(now) ? withUnit(now, field, input) : now;
}

function control(field: Field, name: string, input: FormInput, describedBy: string, wrong: boolean): TemplateResult {
  const typed = (e: Event): void => input.onText(name, (e.target as HTMLInputElement).value);
  const kind = field.takes.kind;
  if (kind === 'choice' || kind === 'switch') return select(field, name, input);
  const fallback = 'default' in field.takes ? field.takes.default : null;
  const placeholder = fallback === null ? (input.placeholders?.[name] ?? '') : String(isShare(field) ? Number(fallback) * 100 : fallback);
  if (kind === 'numbers') {
    // Not `auto`: Chromium's time for that grows with the square of the lines, minutes for a megabyte. And all of it is numbers and addresses.
    return html`<textarea id=${idOf(name, input)} name=${name} rows="2" dir="ltr" spellcheck="false" placeholder=${placeholder} aria-describedby=${describedBy}
      aria-invalid=${wrong} .value=${live(input.texts[name] ?? '')} @input=${typed}></textarea>`;
  }
  return html`<input id=${idOf(name, input)} name=${name} type="text" dir="auto" inputmode=${kind === 'number' ? 'decimal' : 'text'} spellcheck="false"
    placeholder=${placeholder} aria-describedby=${describedBy} aria-invalid=${wrong}
    .value=${live(input.texts[name] ?? '')} @input=${typed}>`;
}

function select(field: Field, name: string, input: FormInput, label?: string): TemplateResult {
  const chosen = current(field, name, input);
  const text = input.words('form', formWords);
  const switched: readonly (readonly [string, string])[] = [['true', text.yes], ['false', text.no]];
  const listed = [
    ...('default' in field.takes && field.takes.default === null ? [['', input.labels[name]?.options?.[''] ?? text.optionDefault] as const] : []),
    ...(field.takes.kind === 'switch' ? switched : options(field, input)),
  ];
  // A word from an attribute or the URL that is no option stays visible beside its message.
  const unknown = chosen !== '' && !listed.some(([value]) => value === chosen);
  return html`<select id=${idOf(name, input)} name=${name} aria-label=${label ? input.say(text.unitOf, { label, unit: input.labels[name]?.label ?? name }) : nothing}
    @change=${(e: Event) => input.onText(name, (e.target as HTMLSelectElement).value)}>
    ${unknown ? html`<option value=${chosen} selected>${chosen}</option>` : nothing}
    ${listed.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen} .selected=${live(value === chosen)}>${text}</option>`)}
  </select>`;
}

function range(field: Field, name: string, label: string, slider: (typeof SLIDERS)[string], input: FormInput): TemplateResult {
  const fallback = field.takes.kind === 'number' ? field.takes.default : null;
  const known = input.taken[field.name] ?? fallback;
  const at = typeof known === 'number' ? slider.at(known) : slider.min;
  return html`<input type="range" aria-label=${input.say(input.words('form', formWords).slider, { label })} min=${slider.min} max=${slider.max} step=${slider.step}
    aria-valuetext=${typeof known === 'number' ? withUnit(localized(String(isShare(field) ? shifted(String(known), 2) : known), input.decimalMark), field, input) : nothing}
    .value=${live(String(Math.min(Math.max(at, slider.min), slider.max)))}
    @input=${(e: Event) => input.onText(name, localized(slider.from((e.target as HTMLInputElement).valueAsNumber), input.decimalMark))}>`;
}
