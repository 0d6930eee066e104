/** One chart for every panel: axes, lines, edges and marked points in SVG, drawn with d3's ticks and lines. */
import { nice, ticks } from 'd3-array';
import { line } from 'd3-shape';
import type { SVGTemplateResult, TemplateResult } from 'lit/html.js';
import type { PanelInput } from './panel.js';

export type At = readonly [x: number, y: number];

export interface Axis {
  from: number;
  to: number;
  /** How a tick is written. */
  text: (value: number) => string;
  /** Where ticks are, if not at round numbers. */
  at?: readonly number[];
}

export interface Series {
  points: readonly At[];
  /** Class of the line. */
  kind: string;
  /** In the legend. */
  label: string;
}

/** A line across the whole chart at one value. */
export interface Edge {
  axis: 'x' | 'y';
  at: number;
  label: string;
}

export interface Mark {
  at: At;
  kind: string;
  label: string;
  /** Where the label goes, as seen from the point. */
  side: 'below' | 'above';
}

/** A stretch of the x axis. */
export interface Span {
  from: number;
  to: number;
  label: string;
}

export interface ChartInput {
  x: Axis;
  y: Axis;
  series: readonly Series[];
  /** Areas that stand one upon the other in steps: each point is the end of its step, and they all have the same ends. */
  areas?: readonly Series[];
  spans?: readonly Span[];
  edges?: readonly Edge[];
  marks?: readonly Mark[];
  height?: number;
  /** Characters that the y axis has room for, where two charts stand one above the other. */
  room?: number;
  /** What stands in the middle, where there is nothing to draw. */
  nothing?: string;
  /** The chart in one sentence. */
  said: string;
}

const MARGIN = { top: 20, bottom: 32, end: 10 };
/** Mean width of a character of a 12 px label, in pixels. */
const CHARACTER = 7;

export function chart(input: ChartInput, { lit, width, format: { wide } }: PanelInput): TemplateResult {
  const { html, svg } = lit;
  const [bottom, top] = nice(input.y.from, input.y.to, 4);
  const { height = 250 } = input;
  const floor = height - MARGIN.bottom;
  const rows = ticks(bottom!, top!, height < 200 ? 2 : 4);
  const start = 12 + CHARACTER * Math.max(input.room ?? 0, ...rows.map((value) => wide(input.y.text(value))));
  const end = width - MARGIN.end;
  const x = (value: number): number => start + ((value - input.x.from) / (input.x.to - input.x.from)) * (end - start);
  const y = (value: number): number => floor - ((value - bottom!) / (top! - bottom!)) * (floor - MARGIN.top);
  const draw = line<At>(([at]) => x(at), ([, value]) => y(value)).defined(([, value]) => value <= top! * 1.001).digits(1);
  const columns = input.x.at ?? ticks(input.x.from, input.x.to, Math.max(2, Math.round(width / 150)));
  const areas = input.areas ?? [];
  const places: { from: number; long: number; down: number }[] = [];
  for (const mark of input.marks ?? []) {
    const place = placeOf(mark);
    // Not over an earlier one.
    while (places.some((other) => Math.abs(other.down - place.down) < 14 && other.from < place.from + place.long && place.from < other.from + other.long)) {
      place.down -= 15;
    }
    places.push(place);
  }
  return html`<figure class="chart" part="chart">
    <svg width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="img" aria-label=${input.said}>
      ${(input.spans ?? []).map(({ from, to, label }) => svg`<rect class="span" x=${x(from)} y=${MARGIN.top - 8} width=${x(to) - x(from)} height=${floor - MARGIN.top + 8} />
        <text class="muted" x=${(x(from) + x(to)) / 2} y=${MARGIN.top - 12} text-anchor="middle">${label}</text>`)}
      ${rows.map((value) => svg`<line class="grid" x1=${start} x2=${end} y1=${y(value)} y2=${y(value)} />
        <text class="muted" x=${start - 8} y=${y(value) + 4} text-anchor="end">${input.y.text(value)}</text>`)}
      ${columns.map((value) => svg`<text class="muted" x=${x(value)} y=${height - 10}
        text-anchor=${x(value) > end - 24 ? 'end' : x(value) < start + 12 ? 'start' : 'middle'}>${input.x.text(value)}</text>`)}
      ${areas.map(({ kind }, i) => svg`<path class="area ${kind}" d=${steps(i)} />`)}
      ${input.series.map(({ points, kind }) => svg`<path class="curve ${kind}" d=${draw(points as At[]) ?? ''} />`)}
      ${input.nothing ? svg`<text class="muted halo" x=${(start + end) / 2} y=${y((top! + bottom!) / 2) + 4} text-anchor="middle">${input.nothing}</text>` : ''}
      ${(input.edges ?? []).map((edge) => edgeLine(edge))}
      ${(input.marks ?? []).map((mark, i) => pointAt(mark, places[i]!))}
    </svg>
    <figcaption>${[...input.series, ...areas].map(({ kind, label }) => html`<span><i class="key ${kind}"></i> ${label}</span>`)}</figcaption>
  </figure>`;

  /** The outline of an area that stands upon those before it; where it has no height there is none. */
  function steps(area: number): string {
    const below = (i: number): number => areas.slice(0, area).reduce((sum, { points }) => sum + points[i]![1], 0);
    const { points } = areas[area]!;
    const corner = (at: number, value: number): string => `${x(at).toFixed(1)},${y(value).toFixed(1)}`;
    const outlines: string[] = [];
    for (let i = 0; i < points.length; i += 1) {
      const [there, back]: [string[], string[]] = [[], []];
      for (; i < points.length && points[i]![1] > 0; i += 1) {
        const [from, to] = [i > 0 ? points[i - 1]![0] : input.x.from, points[i]![0]];
        there.push(corner(from, below(i) + points[i]![1]), corner(to, below(i) + points[i]![1]));
        back.unshift(corner(to, below(i)), corner(from, below(i)));
      }
      if (there.length > 0) outlines.push(`M${[...there, ...back].join('L')}Z`);
    }
    return outlines.join('');
  }

  function edgeLine({ axis, at, label }: Edge): SVGTemplateResult {
    const place = axis === 'y' ? y(at) : x(at);
    if (axis === 'y') {
      // Above the line, or below it where a point's label is in the way.
      const from = end - wide(label) * CHARACTER;
      const free = (line: number): boolean => places.every((mark) => mark.from + mark.long < from || Math.abs(mark.down - line) > 14);
      const line = [place - 6, place + 16].find(free) ?? place - 6;
      return svg`<line class="edge" x1=${start} x2=${end} y1=${place} y2=${place} />
        <text class="strong halo" x=${end} y=${line} text-anchor="end">${label}</text>`;
    }
    const roomBefore = place - start > wide(label) * CHARACTER + 8;
    return svg`<line class="edge" x1=${place} x2=${place} y1=${MARGIN.top - 8} y2=${floor} />
      <text class="strong halo" x=${roomBefore ? place - 6 : place + 6} y=${MARGIN.top - 2} text-anchor=${roomBefore ? 'end' : 'start'}>${label}</text>`;
  }

  /** Where a point's label goes. */
  function placeOf({ at: [px, py], label, side }: Mark): { from: number; long: number; down: number } {
    const long = wide(label) * CHARACTER;
    // Not over the ticks of the axis.
    const above = side === 'above' || y(py) + 22 > floor;
    // Beside the point where there is room, else as far to the end as it goes.
    return { from: Math.max(start, Math.min(x(px) + 10, end - long)), long, down: y(py) + (above ? -12 : 22) };
  }

  function pointAt({ at: [px, py], kind, label }: Mark, { from, down }: { from: number; down: number }): SVGTemplateResult {
    return svg`<circle class="point ${kind}" cx=${x(px)} cy=${y(py)} r="6" />
      <text class="strong halo ${kind}" x=${from} y=${down}>${label}</text>`;
  }
}
