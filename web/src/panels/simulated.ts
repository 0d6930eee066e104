/** Is it true? The same case simulated beside the formulas, live: what a spell does, and where the formulas differ and why. */
import type { TemplateResult } from 'lit/html.js';
import english from 'words:simulated';
import { form } from '../environment.js';
import type { PanelInput } from '../panel.js';
import type { Running, simulate } from '../simulator/simulator.js';
import type { Told } from '../simulator/runs.js';
import type { Compared, Estimate, Field, Percentiles, Scenario, Simulated } from '../types.js';
import { data, isWhole, timeline } from './timeline.js';

/** What is drawn, and what it is of. */
interface Picture {
  simulated: Simulated;
  scenario: Scenario;
}

/** What one widget simulates. */
interface Shown {
  input: PanelInput;
  start: typeof simulate;
  /** The case as text: another one is another run. */
  asked: string;
  since: number;
  running: Running | undefined;
  state: 'running' | 'ended' | 'stopped' | 'refused' | 'failed';
  share: number;
  /** What the simulator refused. */
  refused: readonly unknown[];
  /** Stays until the next one is there. */
  picture: Picture | undefined;
  stale: boolean;
  /** Whether somebody can see it. */
  seen: boolean;
  watched: Element | undefined;
  /** For screen readers, at the end. */
  said: string;
  saying: ReturnType<typeof setTimeout> | undefined;
  drawing: boolean;
  drawn: number;
}

/** Milliseconds that a new run has before the old picture is dimmed and progress is shown: most are there sooner. */
const PATIENCE = 200;
/** Milliseconds from one drawing of a growing picture to the next: what is drawn costs a page more than what simulates. */
const PACE = 100;
/** A reader's pause after which the end is read out. */
const SAY_AFTER = 1000;

/** By the place where each is drawn, which outlasts what a reader resets. */
const widgets = new WeakMap<ShadowRoot, Shown>();
const places = new IntersectionObserver((entries) => entries.forEach(({ target, isIntersecting }) => {
  const shown = widgets.get(target.getRootNode() as ShadowRoot);
  if (shown?.watched === target) see(shown, isIntersecting);
}), { rootMargin: '100px' });

/** `start` is `simulate`: did this part import it, it would become a file of its own. */
export function render(input: PanelInput, start: typeof simulate): TemplateResult {
  const { lit: { html, nothing }, words, root } = input;
  const text = words('simulated', english);
  let shown = widgets.get(root);
  if (!shown) {
    shown = {
      input, start, asked: '', since: 0, running: undefined, state: 'running', share: 0, refused: [], picture: undefined, stale: false, seen: false,
      watched: undefined, said: '', saying: undefined, drawing: false, drawn: 0,
    };
    widgets.set(root, shown);
  }
  shown.input = input;
  follow(shown);
  const { state, picture, stale } = shown;
  return html`<section class="simulated" id="simulated" aria-labelledby="simulated-title" data-state=${state}>
    <h3 id="simulated-title">${text.heading}</h3>
    ${settings(shown)}
    ${status(shown)}
    <div ?data-stale=${stale || state === 'refused'}>${picture ? results(picture, input) : nothing}</div>
    <output class="sr" aria-live="polite">${shown.said}</output>
  </section>`;
}

/** Another case drops the run of the last one. After drawing, what is drawn is watched. */
function follow(shown: Shown): void {
  const asked = JSON.stringify(shown.input.scenario);
  if (asked !== shown.asked) {
    shown.asked = asked;
    if (shown.seen) begin(shown);
    else {
      forget(shown);
      shown.state = 'running';
    }
  }
  queueMicrotask(() => {
    const section = shown.input.root.querySelector('#simulated');
    if (!section || section === shown.watched) return;
    if (shown.watched) places.unobserve(shown.watched);
    shown.watched = section;
    places.observe(section);
  });
}

function see(shown: Shown, seen: boolean): void {
  shown.seen = seen;
  if (!shown.watched!.isConnected) {
    places.unobserve(shown.watched!);
    shown.watched = undefined;
    // It may never come back.
    forget(shown);
  } else if (seen && shown.state === 'running' && !shown.running) begin(shown);
  else shown.running?.hold(!seen);
}

/** A run that is dropped begins anew when somebody looks. */
function forget(shown: Shown): void {
  shown.running?.drop();
  shown.running = undefined;
}

function begin(shown: Shown): void {
  shown.running?.drop();
  clearTimeout(shown.saying);
  const { scenario } = shown.input;
  Object.assign(shown, { state: 'running', share: 0, since: performance.now(), stale: false });
  const running = (shown.running = shown.start(scenario, (told) => {
    if (shown.running === running) hear(shown, told, scenario);
  }));
  setTimeout(() => {
    if (shown.running !== running) return;
    shown.stale = shown.picture?.scenario !== scenario;
    draw(shown);
  }, PATIENCE);
}

function hear(shown: Shown, told: Told, scenario: Scenario): void {
  let hurry = false;
  if ('simulated' in told) {
    const { simulated, ended } = told;
    shown.share = simulated?.share ?? 0;
    const late = performance.now() - shown.since > PATIENCE;
    // A course that is not whole yet would jump under a moving slider; a new picture may grow, where the reader has nothing against motion.
    const grows = !shown.picture || ((late && simulated !== null && simulated.course.length > 1 || shown.picture.scenario === scenario) && !LESS_MOTION.matches);
    if (simulated && (ended || isWhole(simulated) || grows)) {
      hurry = shown.picture?.scenario !== scenario;
      shown.picture = { simulated, scenario };
      shown.stale = false;
    }
    if (ended) end(shown, simulated?.progress === 'running' ? 'stopped' : 'ended');
  } else if ('refused' in told) {
    shown.refused = told.refused;
    end(shown, 'refused');
  } else {
    console.warn('proxy-concurrency: the simulation could not run.', told.failed);
    end(shown, 'failed');
  }
  if (hurry || !shown.running || performance.now() - shown.drawn > PACE) draw(shown);
}

const LESS_MOTION = matchMedia('(prefers-reduced-motion: reduce)');

function end(shown: Shown, state: Shown['state']): void {
  shown.state = state;
  shown.running = undefined;
  if (state !== 'refused') shown.refused = [];
  // Not at each stop of a moving slider.
  shown.saying = setTimeout(() => {
    shown.said = verdict(shown);
    draw(shown);
  }, SAY_AFTER);
}

/** Once a frame, however much is told. */
function draw(shown: Shown): void {
  if (shown.drawing) return;
  shown.drawing = true;
  requestAnimationFrame(() => {
    shown.drawing = false;
    shown.drawn = performance.now();
    shown.input.draw();
  });
}

/** Fields that one choice alone looks at. */
const ARRIVALS: Readonly<Record<string, readonly string[]>> = {
  bursty: ['burst-peak', 'burst-length'], recorded: ['arrival-times'], workers: ['workers', 'think-time'],
};
const SPELLS: Readonly<Record<string, readonly string[]>> = {
  slow: ['spell-start', 'spell-length', 'slow-factor'], burst: ['spell-start', 'spell-length', 'burst-factor'], fail: ['spell-start', 'spell-length', 'fail-after'],
};

function settings(shown: Shown): TemplateResult {
  const { input, refused, picture } = shown;
  // In the reader's language, which may change.
  const errors = input.explain({ all: refused });
  const { words, texts, format: f } = input;
  const text = words('simulated', english);
  // Of the retries, the two that a reader turns to; any other number stays as it is.
  const retries: Field = { name: 'retries', unit: '', takes: { kind: 'choice', options: ['0', '3'], default: '3' } };
  const row: PanelInput['row'] = (name, own) => input.row(name, {
    errors: new Map([...input.errors, ...errors]), onCompare: undefined, ...own, ...(name === 'retries' ? { fields: [retries], labels: { retries: text.retries } } : {}),
  });
  const chosen = (name: string, lists: Readonly<Record<string, readonly string[]>>): readonly string[] => lists[texts[name] ?? ''] ?? [];
  // What was taken where nothing is said; the factor of another spell is none of a slow one's.
  const { spellFactor, workers, simulatedTime } = picture?.simulated ?? { spellFactor: null, workers: null, simulatedTime: null };
  const slow = (picture?.scenario as { spell?: string } | undefined)?.spell === 'slow';
  const placeholders = Object.fromEntries(([['slow-factor', slow ? spellFactor : null, 3], ['workers', workers, 12], ['simulated-time', simulatedTime, 12]] as const)
    .flatMap(([name, x, digits]) => (x === null ? [] : [[name, f.number(x, digits)]])));
  return form(
    { ...input, row, errors }, text.form, ['spell', ...chosen('spell', SPELLS), 'arrival-pattern', ...chosen('arrival-pattern', ARRIVALS), 'retries'],
    text.moreForm, ['response-pattern', 'client-timeout', 'timeout-covers', 'late-work', 'backoff', 'backoff-factor', 'longest-backoff', 'jitter', 'client-pool', 'simulated-time', 'seed'],
    placeholders,
  );
}

/** How far it is, and the one button, which keeps the focus while its word changes. */
function status(shown: Shown): TemplateResult {
  const { input: { lit: { html, nothing }, words, say, format: f }, state, share, since } = shown;
  const text = words('simulated', english);
  const long = state === 'running' && performance.now() - since > PATIENCE;
  return html`<div class="progress">
    ${long ? html`<progress max="1" .value=${share} aria-label=${text.progress}></progress>` : nothing}
    <span class="hint">${long ? say(text.running, { share: f.percent(Math.floor(share * 100) / 100) }) : verdict(shown)}</span>
    <button type="button" class="link" @click=${() => (state === 'running' ? shown.running?.stop() : again(shown))}>${long ? text.cancel : text.again}</button>
  </div>`;
}

/** With other chance; what was not ended, from its beginning. */
function again(shown: Shown): void {
  const { input: { set, scenario, format: f } } = shown;
  const { seed = 1 } = scenario as { seed?: number };
  if (shown.state === 'ended') set('seed', f.number(seed + 1, 16));
  else begin(shown);
}

/** What came of it, in a line. */
function verdict({ input: { words, say, format: f }, state, share, picture }: Shown): string {
  const text = words('simulated', english);
  if (state === 'refused' || state === 'failed') return text[state];
  if (state === 'stopped') return say(text.stopped, { share: f.percent(share) });
  if (!picture) return '';
  const { runs, events, results, progress } = picture.simulated;
  if (state === 'running' && runs === 0) return '';
  if (progress !== 'running' && progress !== 'complete') return say(text[progress], { time: f.time(results.time) });
  const rows = picture.simulated.rows.filter(({ verdict }) => verdict === 'agrees' || verdict === 'differs');
  const known = { runs, events: f.number(events, 3), time: f.time(results.time), agree: f.number(rows.filter(({ verdict }) => verdict === 'agrees').length), count: f.number(rows.length) };
  // Where something is not as the formulas have it, there is nothing to count.
  return rows.every(({ why }) => why === null || why === 'chance') && rows.length > 0 ? say(text.ended, known) : say(text.endedAlone, known);
}

function results({ simulated, scenario }: Picture, input: PanelInput): TemplateResult {
  const { lit: { html } } = input;
  return html`${timeline(simulated, scenario, input)} ${comparison(simulated, input)} ${percentiles(simulated, input)} ${data(simulated, input)}`;
}

/** How each quantity is written. */
const SHARES: readonly Compared['quantity'][] = ['rejected', 'waiting', 'timedOut', 'errored', 'failed'];
const TIMES: readonly Compared['quantity'][] = ['meanWait', 'responseTime'];

function comparison({ rows }: Simulated, { lit: { html, nothing }, words, format: f, width }: PanelInput): TemplateResult {
  const text = words('simulated', english);
  const narrow = width < 520;
  // One reason is most often that of all that differ: it is said once.
  const reasons = [...new Set(rows.flatMap(({ why }) => (why === null ? [] : [why])))];
  return html`<table part="table" class="beside">
    <thead><tr><th scope="col">${text.columns.quantity}</th><th scope="col">${text.columns.formula}</th><th scope="col">${text.columns.simulated}</th>
      ${narrow ? nothing : html`<th scope="col">${text.columns.verdict}</th>`}</tr></thead>
    <tbody>${rows.map((row) => {
      const { quantity, formula, simulated, verdict } = row;
      const written = (x: number): string => (SHARES.includes(quantity) ? f.share(x) : TIMES.includes(quantity) ? f.time(x) : f.number(x, 4));
      return html`<tr data-quantity=${quantity} data-verdict=${verdict}><th scope="row">${text.quantities[quantity]}${narrow ? html`<span class="word">${word(row)}</span>` : nothing}</th>
        <td>${formula === null ? '–' : written(formula)}</td><td>${simulated ? estimate(simulated, written, verdict === 'too-few') : '–'}</td>
        ${narrow ? nothing : html`<td class="quiet">${word(row)}</td>`}</tr>`;
    })}</tbody></table>
    <p class="assumptions" data-why=${reasons.join(' ') || nothing}>${reasons.map((why) => html`${text.why[why]} `)}</p>`;

  /** Of what happened too rarely no interval is worth anything. */
  function estimate({ mean, halfWidth }: Estimate, written: (x: number) => string, rare: boolean): TemplateResult {
    return html`<bdi dir="ltr"><bdi>${written(mean)}</bdi>${halfWidth === null || rare
      ? nothing : html` <span class="half">± <bdi>${written(Number(halfWidth.toPrecision(2)))}</bdi></span>`}</bdi>`;
  }

  function word({ verdict }: Compared): TemplateResult {
    const mark = verdict === 'agrees' ? html`<span class="agrees" aria-hidden="true">✓</span> ` : verdict === 'differs' ? html`<span class="bad" aria-hidden="true">≠</span> ` : nothing;
    return html`${mark}${text.verdicts[verdict]}`;
  }
}

function percentiles({ results: { waits, responseTimes, occupancy } }: Simulated, { lit: { html, nothing }, words, format: f }: PanelInput): unknown {
  const { percentiles: text } = words('simulated', english);
  const known: readonly (readonly [string, Percentiles | null, (x: number) => string])[] = [
    [text.responseTimes, responseTimes, f.time], [text.waits, waits?.p999 === 0 ? null : waits, f.time], [text.inFlight, occupancy, (x) => f.number(x, 4)],
  ];
  const rows = known.filter(([, of]) => of !== null);
  if (rows.length === 0) return nothing;
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${text.simulated}><table part="table"><thead><tr><th scope="col">${text.simulated}</th>${['p50', 'p95', 'p99', 'p99.9'].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
    <tbody>${rows.map(([label, of, written]) => html`<tr><th scope="row">${label}</th>${[of!.p50, of!.p95, of!.p99, of!.p999].map((x) => html`<td>${written(x)}</td>`)}</tr>`)}</tbody></table></div>`;
}
