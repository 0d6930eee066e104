/** What happens near and over the cap. It brings its own engine: the queueing models are as large as all the rest. */
import type { TemplateResult } from 'lit/html.js';
import english from 'words:exceeded';
import fieldTexts from 'words:simulationFields';
import help from 'words:simulationHelp';
import init, { exceeded, simulationFields } from '../../pkg/exceeded/proxy_concurrency_exceeded.js';
import { chart, type Edge } from '../chart.js';
import type { Brought, PanelInput } from '../panel.js';
import { connect, simulate } from '../simulator/simulator.js';
import type { AtCap, Exceeded, Report, Scenario } from '../types.js';

export function ready(report: Report | null): Promise<unknown> {
  missing = false;
  // What simulates takes longest to begin: it loads beside the formulas, where these have an answer. If it cannot, that is told where a
  // run is shown.
  if (report && report.sizing.planCounts !== 'requests-per-minute') connect().catch(() => {});
  return init();
}

type Cell = string | TemplateResult | null;

let brought: Brought | undefined;
export const brings = (): Brought => (brought ??= {
  fields: simulationFields(), texts: (words) => words('simulationFields', fieldTexts), help: (words) => words('simulationHelp', help),
});

export const ask = (own: Scenario): Exceeded | null => exceeded(own);

/** What shows the case simulated: it comes when the formulas are on the screen. */
let simulated: typeof import('./simulated.js') | undefined;
let loading: Promise<unknown> | undefined;
let missing = false;

function load(draw: () => void): void {
  loading ??= new Promise((painted) => requestAnimationFrame(() => setTimeout(painted))).then(() => import('./simulated.js')).then(
    (part) => { simulated = part; },
    (reason: unknown) => {
      console.warn('proxy-concurrency: the simulation could not be loaded.', reason);
      [missing, loading] = [true, undefined];
    },
  );
  void loading.then(draw);
}

export function render(input: PanelInput): TemplateResult {
  const { lit: { html, nothing }, words, say, answer, format: f } = input;
  const text = words('exceeded', english);
  const e = answer as Exceeded | null;
  if (!e) {
    return html`<p class="note plain">${text.perMinute}</p>`;
  }
  return html`<div class="halves">
      <div><h3>${e.overLimit === 'queue' ? text.refusedOrTimedOutByCap : text.refusedByCap}</h3>${curve(e, input)}</div>
      <div><h3>${say(text.atCap, { cap: f.exact(e.cap) })}</h3>${table(e, input)}</div>
    </div>
    ${ruleNote(e, input)}
    ${e.collapsePerSecond !== null && e.recoverPerSecond !== null
      ? html`<p class="note">${say(text.collapse, { collapse: f.number(e.collapsePerSecond, 3), recover: f.number(e.recoverPerSecond, 3) })}</p>`
      : nothing}
    <p class="assumptions">${text.assumed[e.overLimit]} ${text.assumedRetries}</p>
    ${simulation(input)}`;
}

function simulation(input: PanelInput): unknown {
  const { lit: { html }, words, draw } = input;
  if (simulated) return simulated.render(input, simulate);
  if (missing) return html`<p class="note plain">${words('exceeded', english).notSimulated}</p>`;
  load(draw);
  return html`<div class="simulated"></div>`;
}

function curve(e: Exceeded, input: PanelInput): unknown {
  const { lit: { nothing }, words, say, format: f, width } = input;
  const text = words('exceeded', english);
  const [first, end] = [e.curve[0], e.curve.at(-1)];
  if (!first || !end || width < 160) return nothing;
  const queue = e.overLimit === 'queue';
  // What retries add may be many times the rest; the picture is about the cap, so it follows the curve without them.
  const top = Math.min(1, Math.max(first.once * 1.15, queue ? first.waiting : 0, 0.02));
  const inside = (servers: number) => servers >= first.servers && servers <= end.servers;
  const edges: Edge[] = inside(e.servers) ? [{ axis: 'x', at: e.servers, label: say(text.edge, { cap: f.exact(e.servers), share: f.share(fails(e.once)) }) }] : [];
  const said = say(text.chart, {
    firstShare: f.share(first.once), first: f.exact(first.servers), lastShare: f.share(end.once), last: f.exact(end.servers),
    cap: f.exact(e.cap), share: f.share(fails(e.once)), retriedShare: f.share(fails(e.retried)),
  });
  return chart({
    x: { from: first.servers, to: end.servers, text: (n) => f.exact(n) },
    y: { from: 0, to: top, text: (share) => f.percent(share) },
    series: [
      { kind: 'mean', label: text.noRetry, points: e.curve.map((p) => [p.servers, p.once]) },
      { kind: 'stress', label: text.withRetries, points: e.curve.map((p) => [p.servers, p.retried]) },
      ...(queue ? [{ kind: 'headroom', label: text.waits, points: e.curve.map((p) => [p.servers, p.waiting] as const) }] : []),
    ],
    edges, said,
  }, { ...input, width: width >= 570 ? Math.floor((width - 28) * (1.15 / 2.15)) : width });
}

const fails = (at: AtCap): number => Math.min(1, at.rejected + at.timedOut);

function table(e: Exceeded, { lit: { html }, words, say, units, format: f, scenario }: PanelInput): TemplateResult {
  const text = words('exceeded', english);
  const { rows: labels } = text;
  const target = f.percent(scenario.failTarget ?? 0.01);
  const time = (seconds: number | null): Cell => (seconds === null ? text.withoutEnd : seconds === 0 ? '–' : f.time(seconds));
  const queue = e.overLimit === 'queue';
  const rows: readonly (readonly [string, Cell] | false)[] = [
    [labels.refused, f.share(e.once.rejected)],
    queue && [labels.waits, f.share(e.once.waiting)],
    queue && e.once.timedOut > 0 && [labels.timesOut, f.share(e.once.timedOut)],
    queue && [labels.meanWait, time(e.once.meanWait)],
    queue && [labels.waitP99, time(e.once.waitP99)],
    [labels.failRetried, f.share(fails(e.retried))],
    [labels.attempts, f.number(e.retried.attempts, 4)],
    [labels.failed, f.share(e.retried.failed)],
    [labels.succeed, f.number(e.retried.goodputPerSecond, 4)],
    e.mostPerSecond !== null && [say(labels.most, { target }), say(units.perSecond, { rate: f.number(e.mostPerSecond, 3) })],
    e.serversForTarget !== null && [
      queue ? say(labels.capForWaits, { time: f.time(scenario.waitTarget ?? 1), target }) : say(labels.capFor, { target }), f.exact(e.serversForTarget),
    ],
    e.headroomForTarget !== null && [labels.headroom, html`<bdi dir="ltr">+${f.percent(e.headroomForTarget)}</bdi>`],
    e.extraForSplit !== null && [labels.split, f.exact(e.extraForSplit)],
    e.openShare !== null && [e.overLimit === 'penalty' ? labels.notBlocked : labels.fullCap, f.share(e.openShare)],
    [labels.occupancy, f.exact(e.occupancy.p999)],
  ];
  return html`<table part="table"><tbody>${rows.filter((row) => row !== false).map(([label, cell]) => html`<tr>
    <th scope="row">${label}</th><td>${cell}</td></tr>`)}</tbody></table>`;
}

function ruleNote(e: Exceeded, { lit: { html, nothing }, words, say, format: f, scenario, report: { sizing } }: PanelInput): unknown {
  const [small, large] = [e.rule[0], e.rule.at(-1)];
  if (!small || !large || small === large) return nothing;
  return html`<p class="note">${say(words('exceeded', english).rule, {
    headroom: f.percent(sizing.headroom), target: f.percent(scenario.failTarget ?? 0.01), small: f.exact(small.load), smallHeadroom: f.percent(small.headroom),
    large: f.exact(large.load), largeHeadroom: f.percent(large.headroom), failing: f.share(e.failedWithHeadroom),
  })}</p>`;
}
