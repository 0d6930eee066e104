/** What happens near and over the cap. It brings its own engine: the queueing models are as large as all the rest. */
import type { TemplateResult } from 'lit/html.js';
import init, { exceeded } from '../../pkg/exceeded/proxy_concurrency_exceeded.js';
import { chart, type Edge } from '../chart.js';
import type { Format } from '../format.js';
import type { PanelInput } from '../panel.js';
import type { AtCap, Exceeded, OverLimit } from '../types.js';

export const ready = init;

type Cell = string | null;

const ASSUMED: Record<OverLimit, string> = {
  reject: 'Requests arrive at random (Poisson). The share refused (Erlang B) depends on the mean response time only, not on how it varies.',
  queue: 'Requests arrive at random (Poisson) and response times vary as an exponential; steadier ones wait less. A request whose client gave up is served all the same.',
  'per-ip': 'Requests arrive at random (Poisson) and choose an exit IP at random; each IP refuses by itself (Erlang B).',
  'shrinking-cap': 'Requests arrive at random (Poisson); the two parts of the month are weighted by their time.',
  penalty: 'Requests arrive at random (Poisson); refusals are taken as Poisson too, so a real block comes somewhat sooner.',
};

export const ask = exceeded;

export function render(input: PanelInput): TemplateResult {
  const { lit: { html, nothing }, answer, format: f } = input;
  const e = answer as Exceeded | null;
  if (!e) {
    return html`<p class="note plain">A plan that limits requests per minute has no cap on what is in flight: over it, requests are
      refused until the next minute.</p>`;
  }
  return html`<div class="halves">
      <div><h3>${e.overLimit === 'queue' ? 'Refused or timed out' : 'Refused'}, by cap</h3>${curve(e, input)}</div>
      <div><h3>At a cap of ${f.exact(e.cap)}</h3>${table(e, input)}</div>
    </div>
    ${ruleNote(e, input)}
    ${e.collapsePerSecond !== null && e.recoverPerSecond !== null
      ? html`<p class="note"><strong>Retries can lock in here.</strong> Above ${f.number(e.collapsePerSecond, 3)} requests/s timed-out work
          crowds out good work and the pool collapses; it recovers only below ${f.number(e.recoverPerSecond, 3)} requests/s.</p>`
      : nothing}
    <p class="assumptions">${ASSUMED[e.overLimit]} A retry comes back as a fresh, independent request.</p>`;
}

function curve(e: Exceeded, input: PanelInput): unknown {
  const { lit: { nothing }, format: f, width } = input;
  const [first, end] = [e.curve[0], e.curve.at(-1)];
  if (!first || !end || width < 160) return nothing;
  const queue = e.overLimit === 'queue';
  // What retries add may be many times the rest; the picture is about the cap, so it follows the curve without them.
  const top = Math.min(1, Math.max(first.once * 1.15, queue ? first.waiting : 0, 0.02));
  const inside = (servers: number) => servers >= first.servers && servers <= end.servers;
  const edges: Edge[] = inside(e.servers) ? [{ axis: 'x', at: e.servers, label: `${f.exact(e.servers)}: ${share(f, fails(e.once))}` }] : [];
  const said = `${f.percent(first.once)} fail at ${f.exact(first.servers)}, ${f.percent(end.once)} at ${f.exact(end.servers)};`
    + ` at the cap of ${f.exact(e.cap)} ${f.percent(fails(e.once))}, with retries ${f.percent(fails(e.retried))} of attempts.`;
  return chart({
    x: { from: first.servers, to: end.servers, text: (n) => f.exact(n) },
    y: { from: 0, to: top, text: (share) => f.percent(share) },
    series: [
      { kind: 'mean', label: 'no retry', points: e.curve.map((p) => [p.servers, p.once]) },
      { kind: 'stress', label: 'with retries, of attempts', points: e.curve.map((p) => [p.servers, p.retried]) },
      ...(queue ? [{ kind: 'headroom', label: 'waits', points: e.curve.map((p) => [p.servers, p.waiting] as const) }] : []),
    ],
    edges, said,
  }, { ...input, width: width >= 570 ? Math.floor((width - 28) * (1.15 / 2.15)) : width });
}

/** A share; what is less than anyone can notice is said to be so. */
const share = (f: Format, x: number): string => (x > 0 && x < 1e-6 ? `< ${f.percent(1e-6)}` : f.percent(x));
const fails = (at: AtCap): number => Math.min(1, at.rejected + at.timedOut);

function table(e: Exceeded, { lit: { html }, format: f, scenario }: PanelInput): TemplateResult {
  const target = f.percent(scenario.failTarget ?? 0.01);
  const time = (seconds: number | null): Cell => (seconds === null ? 'without end' : seconds === 0 ? '–' : f.time(seconds));
  const queue = e.overLimit === 'queue';
  const rows: readonly (readonly [string, Cell] | false)[] = [
    ['Refused on arrival', share(f, e.once.rejected)],
    queue && ['Has to wait', share(f, e.once.waiting)],
    queue && e.once.timedOut > 0 && ['Times out waiting', share(f, e.once.timedOut)],
    queue && ['Mean wait', time(e.once.meanWait)],
    queue && ['Wait that 1 % exceed', time(e.once.waitP99)],
    ['Attempts that fail, with retries', share(f, fails(e.retried))],
    ['Attempts per request, with retries', f.number(e.retried.attempts, 4)],
    ['Fails in the end', share(f, e.retried.failed)],
    ['Succeed, per second', f.number(e.retried.goodputPerSecond, 4)],
    e.mostPerSecond !== null && [`Most you can send at ${target}`, `${f.number(e.mostPerSecond, 3)}/s`],
    e.serversForTarget !== null && [queue ? `Cap for waits over ${f.time(scenario.waitTarget ?? 1)} ≤ ${target}` : `Cap for ${target}`, f.exact(e.serversForTarget)],
    e.headroomForTarget !== null && ['Headroom for that', `+${f.percent(e.headroomForTarget)}`],
    e.extraForSplit !== null && ['Connections that the split costs', f.exact(e.extraForSplit)],
    e.openShare !== null && [e.overLimit === 'penalty' ? 'Time not blocked' : 'Time at the full cap', share(f, e.openShare)],
    ['In flight, exceeded 0.1 % of the time', f.exact(e.occupancy.p999)],
  ];
  return html`<table part="table"><tbody>${rows.filter((row) => row !== false).map(([label, cell]) => html`<tr>
    <th scope="row">${label}</th><td>${cell}</td></tr>`)}</tbody></table>`;
}

function ruleNote(e: Exceeded, { lit: { html, nothing }, format: f, scenario, report: { sizing } }: PanelInput): unknown {
  const [small, large] = [e.rule[0], e.rule.at(-1)];
  if (!small || !large || small === large) return nothing;
  return html`<p class="note"><strong>A flat ${f.percent(sizing.headroom)} is too thin for small pools and too much for large ones.</strong>
    For ${f.percent(scenario.failTarget ?? 0.01)}, ${f.exact(small.load)} in flight need +${f.percent(small.headroom)}, ${f.exact(large.load)} need
    +${f.percent(large.headroom)}. Here ${f.percent(sizing.headroom)} leaves ${f.percent(e.failedWithHeadroom)} failing.</p>`;
}
