/** The page for authors: a form of all that the element takes, the lines to paste, and the element as these lines would show it. */
import { html, nothing, render, type TemplateResult } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import environmentHelp from 'words:environmentHelp';
import help from 'words:help';
import simulationHelp from 'words:simulationHelp';
import initAdvice, { environmentFields, limits } from '../pkg/advice/proxy_concurrency_advice.js';
import initExceeded, { simulationFields } from '../pkg/exceeded/proxy_concurrency_exceeded.js';
import initSimulator, { simulation } from '../pkg/simulator/proxy_concurrency_simulator.js';
import { loadEngine } from './define.js';
import { copyText } from './copying.js';
import type { Engine, Refusal } from './engine.js';
import { SITES, type Choice } from './snippets.js';
import { fromAttribute, kebab, toScenario, toText } from './state.js';
import type { Field, Report, Scenario } from './types.js';

const FIRST = ['arrival-rate', 'rate-unit', 'response-time', 'response-time-p95', 'headroom', 'plan-tiers', 'inner-http', 'over-limit'];
const EXAMPLE = { 'arrival-rate': '50', 'response-time': '2.5', 'response-time-p95': '8', 'plan-tiers': '50, 100, 200, 500' };
const LANGUAGES = [['en', 'English'], ['de', 'Deutsch'], ['fr', 'Français'], ['es', 'Español'], ['ja', '日本語'], ['zh-Hans', '简体中文'], ['ar', 'العربية']] as const;
const THEMES = [['light', 'light'], ['dark', 'dark']] as const;
/** All of them, as an element has them that is told nothing. */
const PANELS: readonly string[] = document.createElement('proxy-concurrency').panels;
/** Those that are shown where the author names none. */
const unsaid = (): readonly string[] => (options['compact'] ? [] : PANELS);

const helps: Readonly<Record<string, string>> = { ...help, ...environmentHelp, ...simulationHelp };

const at = document.querySelector<HTMLElement>('#builder')!;
const stage = document.querySelector<HTMLElement>('#preview')!;

let engine: Engine;
let fields: readonly Field[] = [];
let environment: readonly Field[] = [];
let simulated: readonly Field[] = [];
/** What the author chose, as attributes hold it. */
let texts: Readonly<Record<string, string>> = EXAMPLE;
let panels: readonly string[] = PANELS;
let options: Readonly<Record<string, string | boolean>> = { compact: false, 'readonly-plan': false, theme: '', locale: '' };
let folder = '/proxy-concurrency/';
let checked = false;
let hash: string | undefined;
let site = Object.keys(SITES)[0]!;
let told: Readonly<Record<string, string>> = {};
/** The last good answer: what the text for those without the calculator is made from. */
let report: Report | undefined;
let height = 1100;

const said = (name: string): string => (texts[name] ?? '').trim();
const given = (list: readonly Field[]): Scenario =>
  toScenario(list, Object.fromEntries(list.flatMap((field) => {
    const text = said(kebab(field.name));
    return text === '' ? [] : [[kebab(field.name), fromAttribute(field, text, '.')]];
  })), '.');

/** What the engines refuse, by kebab-case name. */
function refusals(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const hear = (ask: () => void): void => {
    try {
      ask();
    } catch (thrown) {
      const { all } = thrown as Refusal;
      if (!Array.isArray(all)) throw thrown;
      for (const { field, message } of all) found.set(kebab(field), message.replace(field, kebab(field)));
    }
  };
  hear(() => { report = engine.report(given(fields)); });
  hear(() => limits(given([...fields, ...environment])));
  hear(() => simulation(given([...fields, ...simulated]))?.free());
  return found;
}

const attributes = (): Choice['attributes'] => [
  ...[...fields, ...environment, ...simulated].map(({ name }) => kebab(name)).filter(said).map((name) => [name, said(name)] as const),
  ...(panels.join() === unsaid().join() ? [] : [['panels', panels.join(' ')] as const]),
  ...Object.entries(options).flatMap(([name, value]) => (value === false || value === '' ? [] : [[name, value] as const])),
];

/** The text for those without the calculator: what it would say first. */
function fallback(): string {
  if (!report) return 'The calculator on this page tells how many concurrent proxy connections are needed.';
  const { sizing: s } = report;
  const n = (x: number): string => x.toLocaleString('en', { maximumFractionDigits: 3 });
  const plan = s.plan !== null ? `: the plan with ${n(s.plan)} holds them` : report.tiers.length > 0 ? ': more than any plan on offer holds' : '';
  return `At ${n(s.arrivalRate)} requests a second and a mean response time of ${n(s.responseTime)} s, ${n(s.mean)} requests are in flight. With `
    + `${n(s.headroom * 100)}% headroom that is ${n(s.chargedWithHeadroom)}, so ${n(s.required)} are needed${plan}.`;
}

const choice = (): Choice => ({ folder: folder.replace(/\/*$/, '/'), attributes: attributes(), fallback: fallback(), integrity: checked ? hash : undefined, height });

/** Options are read when the element starts: for another choice of them, another element. */
let shownOptions = '';
function preview(): void {
  const wanted = attributes();
  const now = JSON.stringify([options, panels]);
  let element = stage.querySelector('proxy-concurrency');
  if (!element || now !== shownOptions) {
    element = document.createElement('proxy-concurrency');
    for (const [name, value] of wanted) element.setAttribute(name, value === true ? '' : value);
    stage.replaceChildren(element);
    shownOptions = now;
    return;
  }
  const names = new Set(wanted.map(([name]) => name));
  for (const { name } of [...fields, ...environment, ...simulated]) if (!names.has(kebab(name))) element.removeAttribute(kebab(name));
  for (const [name, value] of wanted) if (typeof value === 'string' && element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** What was typed into the preview belongs into the form here, not into the address, where the element keeps such. */
stage.addEventListener('change', (event) => {
  const { scenario } = (event as CustomEvent<{ scenario: Scenario }>).detail ?? {};
  if (!scenario || (document.activeElement?.parentElement !== stage && !location.hash)) return;
  if (location.hash) history.replaceState(null, '', location.href.split('#', 1)[0]);
  texts = Object.fromEntries(Object.entries(scenario).filter(([, value]) => value !== undefined && value !== null).map(([name, value]) => [kebab(name), toText(value)]));
  draw();
});
const resized = new ResizeObserver(([entry]) => {
  const needed = Math.ceil(entry!.contentRect.height / 20) * 20;
  if (needed === height) return;
  height = needed;
  draw();
});

function type(name: string, text: string): void {
  texts = { ...texts, [name]: text };
  draw();
}

function row(field: Field, errors: ReadonlyMap<string, string>): TemplateResult {
  const name = kebab(field.name);
  const error = errors.get(name);
  const { takes } = field;
  const choices = takes.kind === 'choice' ? takes.options : takes.kind === 'switch' ? ['true', 'false'] : undefined;
  const known = 'default' in takes && takes.default !== null ? String(takes.default) : '';
  return html`<div class="field">
    <label for=${name}><code>${name}</code>${field.unit && field.unit !== 'requests' ? html` <span class="unit">${field.unit}</span>` : nothing}</label>
    ${choices
      ? html`<select id=${name} aria-describedby="help-${name}" .value=${live(texts[name] ?? '')} @change=${(e: Event) => type(name, (e.target as HTMLSelectElement).value)}>
          <option value="" ?selected=${!texts[name]}>${known ? `${known} (default)` : 'left open'}</option>
          ${choices.map((option) => html`<option value=${option} ?selected=${texts[name] === option}>${option}</option>`)}
        </select>`
      : html`<input id=${name} type="text" inputmode=${takes.kind === 'number' ? 'decimal' : 'text'} autocomplete="off" spellcheck="false" placeholder=${known}
          aria-describedby="help-${name} error-${name}" aria-invalid=${!!error} .value=${live(texts[name] ?? '')}
          @input=${(e: Event) => type(name, (e.target as HTMLInputElement).value)}>`}
    <p class="help" id="help-${name}">${helps[name]}</p>
    <p class="error" id="error-${name}" aria-live="polite">${error ?? nothing}</p>
  </div>`;
}

function choose(name: string, label: string, list: readonly (readonly [string, string])[], none: string): TemplateResult {
  return html`<div class="field"><label for=${name}>${label}</label>
    <select id=${name} @change=${(e: Event) => { options = { ...options, [name]: (e.target as HTMLSelectElement).value }; draw(); }}>
      <option value="">${none}</option>
      ${list.map(([value, text]) => html`<option value=${value} lang=${name === 'locale' ? value : nothing}>${text}</option>`)}
    </select></div>`;
}

const box = (label: unknown, on: boolean, flip: (on: boolean) => void, disabled = false): TemplateResult =>
  html`<label class="box"><input type="checkbox" ?disabled=${disabled} .checked=${live(on)} @change=${(e: Event) => { flip((e.target as HTMLInputElement).checked); draw(); }}><span>${label}</span></label>`;
const flip = (name: string) => (on: boolean): void => { options = { ...options, [name]: on }; };

async function copy(id: string): Promise<void> {
  told = { [id]: (await copyText(document.getElementById(id)!)) ? 'Copied.' : 'Copying is blocked here. The lines are selected: press Ctrl+C or ⌘C.' };
  draw();
}

function view(): TemplateResult {
  const errors = refusals();
  const rest = fields.filter(({ name }) => !FIRST.includes(kebab(name)));
  const wrong = (list: readonly Field[]): boolean => list.some(({ name }) => errors.has(kebab(name)));
  const named = (list: readonly Field[]): TemplateResult[] => list.map((field) => row(field, errors));
  return html`
    <form autocomplete="off" @submit=${(event: Event) => event.preventDefault()}>
      <fieldset><legend>It starts with</legend>
        ${named(FIRST.flatMap((name) => fields.find((field) => kebab(field.name) === name) ?? []))}
        <details ?open=${wrong(rest)}><summary>More of the scenario</summary>${named(rest)}</details>
        <details ?open=${wrong(environment)}><summary>Where the client runs</summary>${named(environment)}</details>
        <details ?open=${wrong(simulated)}><summary>What is simulated</summary>${named(simulated)}</details>
      </fieldset>
      <fieldset><legend>It shows</legend>
        <div role="group" aria-label="Panels" class="boxes">${PANELS.map((name) => box(html`<code>${name}</code>`, panels.includes(name), (on) => {
          panels = PANELS.filter((other) => (other === name ? on : panels.includes(other)));
        }))}</div>
        ${box('Compact: only the answer and its inputs, and panels that are chosen', options['compact'] === true, (on) => {
          if (panels.join() === unsaid().join()) panels = on ? [] : PANELS;
          flip('compact')(on);
        })}
        ${box('A reader cannot change the plans', options['readonly-plan'] === true, flip('readonly-plan'))}
        ${choose('theme', 'Theme', THEMES, 'as the page')}
        ${choose('locale', 'Language', LANGUAGES, 'as the page')}
      </fieldset>
      <fieldset><legend>Your site</legend>
        <div class="field"><label for="site">It is made with</label>
          <select id="site" @change=${(e: Event) => { site = (e.target as HTMLSelectElement).value; told = {}; draw(); }}>
            ${Object.keys(SITES).map((name) => html`<option ?selected=${name === site}>${name}</option>`)}
          </select></div>
        <div class="field"><label for="folder">Address of the folder with the files</label>
          <input id="folder" type="text" spellcheck="false" .value=${live(folder)} @input=${(e: Event) => { folder = (e.target as HTMLInputElement).value.trim(); draw(); }}></div>
        ${box('Browsers refuse any script but this one (Subresource Integrity)', checked, (on) => { checked = on; }, !hash)}
      </fieldset>
    </form>
    <section class="lines" aria-labelledby="lines-title"><h2 id="lines-title">The lines to paste</h2>
      ${errors.size > 0 ? html`<p class="error">Some of what it would start with is refused: see the marked fields.</p>` : nothing}
      ${SITES[site]!(choice()).map(({ what, code }, i) => html`<div class="step">
        <h3 id="what-${i}">${what}</h3>
        <pre tabindex="0" role="region" aria-labelledby="what-${i}"><code id="code-${i}">${code}</code></pre>
        <p><button type="button" aria-label="Copy: ${what}" @click=${() => copy(`code-${i}`)}>Copy</button> <span role="status">${told[`code-${i}`] ?? ''}</span></p>
      </div>`)}
    </section>`;
}

function draw(): void {
  render(view(), at);
  preview();
}

/** Of the very script that this page runs; where the page has no secure address, browsers compute none. */
async function integrity(): Promise<string | undefined> {
  const bytes = await (await fetch(new URL('proxy-concurrency.js', import.meta.url))).arrayBuffer();
  if (!globalThis.crypto?.subtle) return undefined;
  return `sha384-${btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest('SHA-384', bytes))))}`;
}

try {
  const beside = (name: string) => ({ module_or_path: new URL(`parts/proxy_concurrency_${name}_bg.wasm`, import.meta.url) });
  [engine] = await Promise.all([loadEngine(), initAdvice(beside('advice')), initExceeded(beside('exceeded')), initSimulator(beside('simulator'))]);
  [fields, environment, simulated] = [engine.fields, environmentFields(), simulationFields()];
  draw();
  resized.observe(stage);
  hash = await integrity().catch(() => undefined);
  draw();
} catch (reason) {
  console.warn('proxy-concurrency: the builder could not start.', reason);
  render(html`<p role="status">The builder needs WebAssembly, which is blocked or missing here.</p>`, at);
}
