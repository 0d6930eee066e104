/** The course of a simulated run: what is in flight below the cap, what fails below it, and what a spell did. */
import english from 'words:simulated';
import type { Sections } from 'words:types';
import { nice, ticks } from 'd3-array';
import { chart, type At, type Series, type Span } from '../chart.js';
import type { PanelInput } from '../panel.js';
import type { Point, Scenario, Simulated, SpellEffect } from '../types.js';

/** Into how many parts the core cuts a run. */
const PARTS = 256;
/** Rows of the table that says the same. */
const ROWS = 16;

/** Ways to fail, with the class of their areas. */
const FAILS = ['rejected', 'timedOut', 'errored'] as const;
const failed = (point: Point): number => FAILS.reduce((sum, name) => sum + point[name], 0);

/** Whether the course is there to its end. */
export const isWhole = ({ course }: Simulated): boolean => course.length >= PARTS;

/** Round times, in the unit in which they are written. */
function times(end: number, count: number): number[] {
  const unit = end < 120 ? 1 : end < 7200 ? 60 : end < 172_800 ? 3600 : 86_400;
  return ticks(0, end / unit, count).map((n) => n * unit);
}

export function timeline(simulated: Simulated, scenario: Scenario, input: PanelInput): unknown {
  const { lit: { html, nothing }, words, say, format: f, width } = input;
  const text = words('simulated', english);
  const { course, simulatedTime: end, cap, servers, spellFrom, spellUntil, spellEffect } = simulated;
  if (width < 160) return nothing;
  const part = end / PARTS;
  const x = { from: 0, to: end, text: (at: number) => (at === 0 ? '0' : f.time(at)), at: times(end, Math.max(2, Math.round(width / 130))) };
  const points = (value: (point: Point) => number): At[] => course.map((point) => [point.until, value(point)]);
  const waits = course.some(({ waiting }) => waiting > 0);
  const areas: Series[] = FAILS.flatMap((kind) => (course.some((point) => point[kind] > 0)
    ? [{ kind, label: text.perSecond[kind], points: points((point) => point[kind] / part) }] : []));
  const most = Math.max(servers * 1.12, ...course.map(({ inFlight, waiting }) => Math.max(inFlight, waiting)));
  const mostFails = Math.max(0, ...course.map((point) => failed(point) / part));
  const label = f.number;
  const room = Math.max(...[most, mostFails].flatMap((top) => nice(0, top, 4)).map((top) => f.wide(label(top))));
  const spans: Span[] = spellFrom === null || spellUntil === null ? []
    : [{ from: Math.min(end, spellFrom), to: Math.min(end, spellUntil), label: spellName(simulated, scenario, input) }];
  return html`${chart({
      x, y: { from: 0, to: most, text: label }, spans, room,
      series: [
        { kind: 'mean', label: text.inFlight, points: points(({ inFlight }) => inFlight) },
        ...(waits ? [{ kind: 'headroom', label: text.waiting, points: points(({ waiting }) => waiting) }] : []),
      ],
      edges: [{ axis: 'y', at: servers, label: say(text.cap, { cap: f.exact(cap) }) }],
      said: say(text.chart, { time: f.time(end), most: f.number(Math.max(0, ...course.map(({ inFlight }) => inFlight)), 3), cap: f.exact(cap), share: f.share(share(course)) }),
    }, input)}
    ${chart({
      x, y: { from: 0, to: mostFails || 1, text: (value) => (value > 0 && areas.length === 0 ? '' : label(value)) }, spans: spans.map((span) => ({ ...span, label: '' })), room, height: 130, series: [], areas,
      ...(areas.length === 0 && course.length > 0 ? { nothing: text.nothingFails } : {}),
      said: areas.length === 0 ? text.nothingFails : say(text.failsChart, { time: f.time(end), most: f.number(mostFails, 3), kinds: f.list(areas.map(({ label }) => label)) }),
    }, input)}
    ${spellEffect ? html`<p class="said" data-effect>${told(spellEffect, text, input)}</p>` : nothing}`;
}

/** `3.2 × slower`, as it stands above the shaded spell. */
function spellName({ spellFactor }: Simulated, scenario: Scenario, { words, say, format: f }: PanelInput): string {
  const { spells } = words('simulated', english);
  if (spellFactor === null) return spells.fail;
  const { spell } = scenario as { spell?: 'slow' | 'burst' };
  return say(spell === 'burst' ? spells.burst : spells.slow, { factor: f.number(spellFactor, 3) });
}

const share = (points: readonly Point[]): number => {
  const attempts = points.reduce((sum, { attempts }) => sum + attempts, 0);
  return attempts === 0 ? 0 : Math.min(1, points.reduce((sum, point) => sum + failed(point), 0) / attempts);
};

function told({ failedBefore, failedDuring, mostInFlight, recovery }: SpellEffect, text: Sections['simulated'], { say, format: f }: PanelInput): unknown[] {
  return [
    say(text.effect, { during: f.share(failedDuring), before: f.share(failedBefore), most: f.number(mostInFlight, 3) }), ' ',
    recovery === null ? say(text.noRecovery, {}) : recovery === 0 ? text.atOnce : say(text.recovery, { time: f.time(Number(recovery.toPrecision(2))) }),
  ];
}

/** The same as a table, in so many parts. */
export function data(simulated: Simulated, input: PanelInput): unknown {
  const { lit: { html }, words, format: f } = input;
  const { data: text } = words('simulated', english);
  const { course } = simulated;
  const each = Math.ceil(course.length / ROWS);
  const groups = Array.from({ length: Math.ceil(course.length / (each || 1)) }, (_, i) => course.slice(i * each, (i + 1) * each));
  const tenths = (x: number): string => f.number(Number(x.toFixed(1)));
  const columns = ([
    ['inFlight', (points) => tenths(mean(points, ({ inFlight }) => inFlight))],
    ['waiting', (points) => tenths(mean(points, ({ waiting }) => waiting))],
    ['attempts', (points) => f.number(sum(points, ({ attempts }) => attempts))],
    ...FAILS.map((name) => [name, (points: readonly Point[]) => f.number(sum(points, (point) => point[name]))] as const),
    ['succeeded', (points) => f.number(sum(points, ({ succeeded }) => succeeded))],
  ] as readonly (readonly [keyof typeof text.columns & keyof Point, (points: readonly Point[]) => string])[])
    .filter(([name]) => name === 'inFlight' || course.some((point) => (point[name] ?? 0) > 0));
  return html`<details class="more-of"><summary>${text.summary}</summary><div class="scroll" tabindex="0" role="region" aria-label=${text.summary}>
    <table part="table"><thead><tr><th scope="col">${text.until}</th>${columns.map(([name]) => html`<th scope="col">${text.columns[name]}</th>`)}</tr></thead>
      <tbody>${groups.map((points) => html`<tr><th scope="row">${f.time(points.at(-1)!.until)}</th>${columns.map(([, cell]) => html`<td>${cell(points)}</td>`)}</tr>`)}</tbody>
    </table></div></details>`;
}

const sum = (points: readonly Point[], of: (point: Point) => number): number => points.reduce((sum, point) => sum + of(point), 0);
const mean = (points: readonly Point[], of: (point: Point) => number): number => sum(points, of) / (points.length || 1);
