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

export interface ChartInput {
  x: Axis;
  y: Axis;
  series: readonly Series[];
  edges?: readonly Edge[];
  marks?: readonly Mark[];
  /** The chart in one sentence. */
  said: string;
}

const HEIGHT = 250;
const MARGIN = { top: 20, bottom: 32, end: 10 };
/** Mean width of a character of a 12 px label, in pixels. */
const CHARACTER = 7;

export function chart(input: ChartInput, { lit, width, format: { wide } }: PanelInput): TemplateResult {
  const { html, svg } = lit;
  const [bottom, top] = nice(input.y.from, input.y.to, 4);
  const rows = ticks(bottom!, top!, 4);
  const start = 12 + CHARACTER * Math.max(...rows.map((value) => wide(input.y.text(value))));
  const end = width - MARGIN.end;
  const x = (value: number): number => start + ((value - input.x.from) / (input.x.to - input.x.from)) * (end - start);
  const y = (value: number): number =>
    HEIGHT - MARGIN.bottom - ((value - bottom!) / (top! - bottom!)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const draw = line<At>(([at]) => x(at), ([, value]) => y(value)).defined(([, value]) => value <= top! * 1.001).digits(1);
  const columns = ticks(input.x.from, input.x.to, Math.max(2, Math.round(width / 150)));
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
    <svg width=${width} height=${HEIGHT} viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label=${input.said}>
      ${rows.map((value) => svg`<line class="grid" x1=${start} x2=${end} y1=${y(value)} y2=${y(value)} />
        <text class="muted" x=${start - 8} y=${y(value) + 4} text-anchor="end">${input.y.text(value)}</text>`)}
      ${columns.map((value) => svg`<text class="muted" x=${x(value)} y=${HEIGHT - 10}
        text-anchor=${x(value) > end - 24 ? 'end' : x(value) < start + 12 ? 'start' : 'middle'}>${input.x.text(value)}</text>`)}
      ${input.series.map(({ points, kind }) => svg`<path class="curve ${kind}" d=${draw(points as At[]) ?? ''} />`)}
      ${(input.edges ?? []).map((edge) => edgeLine(edge))}
      ${(input.marks ?? []).map((mark, i) => pointAt(mark, places[i]!))}
    </svg>
    <figcaption>${input.series.map(({ kind, label }) => html`<span><i class="key ${kind}"></i> ${label}</span>`)}</figcaption>
  </figure>`;

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
    return svg`<line class="edge" x1=${place} x2=${place} y1=${MARGIN.top - 8} y2=${HEIGHT - MARGIN.bottom} />
      <text class="strong halo" x=${roomBefore ? place - 6 : place + 6} y=${MARGIN.top - 2} text-anchor=${roomBefore ? 'end' : 'start'}>${label}</text>`;
  }

  /** Where a point's label goes. */
  function placeOf({ at: [px, py], label, side }: Mark): { from: number; long: number; down: number } {
    const long = wide(label) * CHARACTER;
    // Not over the ticks of the axis.
    const above = side === 'above' || y(py) + 22 > HEIGHT - MARGIN.bottom;
    // Beside the point where there is room, else as far to the end as it goes.
    return { from: Math.max(start, Math.min(x(px) + 10, end - long)), long, down: y(py) + (above ? -12 : 22) };
  }

  function pointAt({ at: [px, py], kind, label }: Mark, { from, down }: { from: number; down: number }): SVGTemplateResult {
    return svg`<circle class="point ${kind}" cx=${x(px)} cy=${y(py)} r="6" />
      <text class="strong halo ${kind}" x=${from} y=${down}>${label}</text>`;
  }
}
