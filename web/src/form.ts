/** The inputs: every field once, made from the core's own table. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { FIELD_LABELS, OPTIONS, TEXT, unitLabel } from './messages.js';
import { isShare, kebab, localized, type Texts } from './state.js';
import type { Field } from './types.js';

export interface FormInput {
  fields: readonly Field[];
  texts: Texts;
  /** What is wrong, by kebab-case name. */
  errors: ReadonlyMap<string, string>;
  /** What the core took for a field, for the sliders. */
  taken: Readonly<Record<string, unknown>>;
  moreOpen: boolean;
  decimalMark: string;
  onText: (name: string, text: string) => void;
  onMore: (open: boolean) => void;
  onCompare: () => void;
}

const MAIN = ['arrival-rate', 'response-time', 'response-time-p95', 'headroom', 'plan-tiers', 'inner-http', 'over-limit'];
const GROUPS: readonly (readonly [string, readonly string[]])[] = [
  [TEXT.groups.plan, ['plan-counts', 'setup-time', 'idle-time', 'connection-reuse']],
  [TEXT.groups.over, ['retries', 'fail-target', 'cap', 'queue-places', 'client-timeout', 'wait-target', 'exit-ips', 'reduced-cap',
    'reduced-after', 'penalty-refusals', 'penalty-time']],
  [TEXT.groups.protocol, ['route', 'upstream-http', 'destinations', 'max-concurrent-streams', 'over-stream-limit', 'warm',
    'origin-tls', 'proxy-tls', 'parallel-requests']],
  [TEXT.groups.times, ['response-time-p99', 'response-time-samples', 'in-flight']],
  [TEXT.groups.job, ['targets', 'deadline']],
];
/** Choices that sit in the box of the number whose unit they are. */
const UNIT_OF: Record<string, string> = { 'arrival-rate': 'rate-unit', deadline: 'deadline-unit' };
/** Fields that one behaviour alone looks at. */
const ONLY_OVER: Record<string, string> = {
  'queue-places': 'queue', 'client-timeout': 'queue', 'wait-target': 'queue', 'exit-ips': 'per-ip', 'reduced-cap': 'shrinking-cap',
  'reduced-after': 'shrinking-cap', 'penalty-refusals': 'penalty', 'penalty-time': 'penalty',
};
/** Choices that show all their options side by side. */
const SEGMENTS = new Set(['inner-http']);

/** Sliders: from, to and mapping between the position and the number in the field's unit. */
const SLIDERS: Record<string, { min: number; max: number; step: number; at: (x: number) => number; from: (p: number) => string }> = {
  // From 50 ms to 100 s by tenths of a power of e: the same turn of the hand is the same factor everywhere.
  'response-time': {
    min: Math.log(0.05), max: Math.log(100), step: 0.01, at: Math.log, from: (p) => String(Number(Math.exp(p).toPrecision(2))),
  },
  headroom: { min: 0, max: 100, step: 1, at: (x) => x * 100, from: String },
};

export function form(input: FormInput): TemplateResult {
  const byName = new Map(input.fields.map((field) => [kebab(field.name), field]));
  const show = (name: string) => {
    const field = byName.get(name);
    const over = ONLY_OVER[name];
    const idle = over !== undefined && over !== (input.texts['over-limit'] ?? 'reject') && !input.errors.has(name);
    return field && !idle ? row(field, name, input, byName) : nothing;
  };
  const hiddenErrors = GROUPS.some(([, names]) => names.some((name) => input.errors.has(name) || input.errors.has(UNIT_OF[name] ?? '')));
  const open = input.moreOpen || hiddenErrors;
  return html`<form class="inputs" part="inputs" aria-label=${TEXT.inputs} autocomplete="off" @submit=${(e: Event) => e.preventDefault()}>
    ${MAIN.map(show)}
    <button type="button" class="link more" aria-expanded=${open} aria-controls="more" @click=${() => input.onMore(!open)}>${open ? '−' : '+'} ${TEXT.more}</button>
    </form>
    <form class="more-inputs" id="more" aria-label=${TEXT.more} autocomplete="off" ?hidden=${!open} @submit=${(e: Event) => e.preventDefault()}>
      ${GROUPS.map(([title, names]) => html`<fieldset class="group"><legend>${title}</legend>${names.map(show)}</fieldset>`)}
    </form>`;
}

function row(field: Field, name: string, input: FormInput, byName: ReadonlyMap<string, Field>): TemplateResult {
  const [label, hint] = FIELD_LABELS[name] ?? [field.name];
  const unitName = UNIT_OF[name];
  const unitField = unitName ? byName.get(unitName) : undefined;
  const error = input.errors.get(name) ?? (unitName ? input.errors.get(unitName) : undefined);
  if (SEGMENTS.has(name)) {
    return html`<fieldset class="field segments" title=${field.help}>
      <legend><span class="label">${label}</span>
        <button type="button" class="link hint" @click=${input.onCompare}>${TEXT.compare}</button></legend>
      <div class="box">${options(field).map(([value, text]) => html`<label>
        <input type="radio" name=${name} value=${value} .checked=${live(current(field, name, input) === value)}
          @change=${() => input.onText(name, value)}><span>${text}</span></label>`)}</div>
      ${message(name, error)}
    </fieldset>`;
  }
  const slider = SLIDERS[name];
  const describedBy = [hint ? `hint-${name}` : '', error ? `error-${name}` : ''].filter(Boolean).join(' ');
  return html`<div class="field ${error ? 'wrong' : ''}" title=${field.help}>
    <div class="above"><label class="label" for=${name}>${label}</label>
      ${hint ? html`<span class="hint" id="hint-${name}">${hint}</span>` : nothing}</div>
    <div class="box">${control(field, name, input, describedBy, !!error)}
      ${unitField ? select(unitField, unitName!, input, label) : unit(field)}</div>
    ${slider ? range(field, name, label, slider, input) : nothing} ${message(name, error)}
  </div>`;
}

function message(name: string, error: string | undefined): TemplateResult {
  // It stands there empty, so that what is written into it later is announced.
  return html`<p class="error" id="error-${name}" data-error=${name} aria-live="polite">${error ?? nothing}</p>`;
}

function unit(field: Field): TemplateResult | typeof nothing {
  const text = unitLabel(field, isShare(field));
  return text ? html`<span class="unit" aria-hidden="true">${text}</span>` : nothing;
}

const options = (field: Field): readonly (readonly [string, string])[] => {
  const words = OPTIONS[kebab(field.name)] ?? {};
  return field.takes.kind === 'choice' ? field.takes.options.map((option) => [option, words[option] ?? option]) : [];
};

/** The text of a field, or what stands where none is given. */
function current(field: Field, name: string, { texts }: FormInput): string {
  const fallback = 'default' in field.takes ? field.takes.default : null;
  return texts[name] ?? (fallback === null ? '' : String(fallback));
}

function control(field: Field, name: string, input: FormInput, describedBy: string, wrong: boolean): TemplateResult {
  const typed = (e: Event): void => input.onText(name, (e.target as HTMLInputElement).value);
  const kind = field.takes.kind;
  if (kind === 'choice' || kind === 'switch') return select(field, name, input);
  if (kind === 'numbers') {
    return html`<textarea id=${name} name=${name} rows="2" spellcheck="false" aria-describedby=${describedBy}
      aria-invalid=${wrong} .value=${live(input.texts[name] ?? '')} @input=${typed}></textarea>`;
  }
  const fallback = kind === 'number' ? field.takes.default : null;
  const placeholder = fallback === null ? '' : String(isShare(field) ? fallback * 100 : fallback);
  return html`<input id=${name} name=${name} type="text" inputmode=${kind === 'number' ? 'decimal' : 'text'} spellcheck="false"
    placeholder=${placeholder} aria-describedby=${describedBy} aria-invalid=${wrong}
    .value=${live(input.texts[name] ?? '')} @input=${typed}>`;
}

function select(field: Field, name: string, input: FormInput, label?: string): TemplateResult {
  const chosen = current(field, name, input);
  const switched: readonly (readonly [string, string])[] = [['true', TEXT.yes], ['false', TEXT.no]];
  const listed = field.takes.kind === 'switch'
    ? [...(field.takes.default === null ? [['', TEXT.optionDefault] as const] : []), ...switched]
    : options(field);
  // A word from an attribute or the URL that is no option stays visible beside its message.
  const unknown = chosen !== '' && !listed.some(([value]) => value === chosen);
  return html`<select id=${name} name=${name} aria-label=${label ? `${label}: ${FIELD_LABELS[name]?.[0] ?? name}` : nothing}
    @change=${(e: Event) => input.onText(name, (e.target as HTMLSelectElement).value)}>
    ${unknown ? html`<option value=${chosen} selected>${chosen}</option>` : nothing}
    ${listed.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen} .selected=${live(value === chosen)}>${text}</option>`)}
  </select>`;
}

function range(field: Field, name: string, label: string, slider: (typeof SLIDERS)[string], input: FormInput): TemplateResult {
  const fallback = field.takes.kind === 'number' ? field.takes.default : null;
  const known = input.taken[field.name] ?? fallback;
  const at = typeof known === 'number' ? slider.at(known) : slider.min;
  return html`<input type="range" aria-label="${label}, slider" min=${slider.min} max=${slider.max} step=${slider.step}
    aria-valuetext="${input.texts[name] ?? ''} ${unitLabel(field, isShare(field))}"
    .value=${live(String(Math.min(Math.max(at, slider.min), slider.max)))}
    @input=${(e: Event) => input.onText(name, localized(slider.from((e.target as HTMLInputElement).valueAsNumber), input.decimalMark))}>`;
}
