/** A ruler from nothing to the stress case, with the plan's edge on it. */
import { html, nothing, svg, type TemplateResult } from 'lit/html.js';
import type { Format } from './format.js';
import type { Report } from './types.js';
import type { Say, Sections } from './words.js';

/** Mean width of a character of the labels' 12 px bold face, in pixels: good enough to keep labels apart. */
const CHARACTER = 8;
/** Between labels, in pixels. */
const GAP = 10;

interface Label {
  at: number;
  lines: readonly string[];
  kind: string;
}

/** Centres of labels, moved as little as keeps them apart and inside, in order. */
export function spread(labels: readonly { at: number; width: number }[], total: number): number[] {
  const centres: number[] = [];
  let free = 0;
  for (const { at, width } of labels) {
    const centre = Math.max(at, free + width / 2);
    centres.push(centre);
    free = centre + width / 2 + GAP;
  }
  let limit = total;
  for (let i = labels.length - 1; i >= 0; i--) {
    centres[i] = Math.max(Math.min(centres[i]!, limit - labels[i]!.width / 2), labels[i]!.width / 2);
    limit = centres[i]! - labels[i]!.width / 2 - GAP;
  }
  return centres;
}

export function ruler({ sizing: s }: Report, f: Format, width: number, text: Sections['answer'], say: Say): TemplateResult | typeof nothing {
  const end = Math.max(s.stressP95 ?? 0, s.stressP99 ?? 0, s.plan ?? 0, s.required, s.chargedWithHeadroom);
  if (!(end > 0) || width < 120) return nothing;
  const x = (n: number): number => (n / end) * (width - 2);
  const stress = s.stressP95 ?? s.stressP99;
  const below: Label[] = [
    { at: x(s.charged), lines: [text.rulerMean, f.exact(s.charged)], kind: 'label' },
    { at: x(s.required), lines: [`+${f.percent(s.headroom)}`, f.exact(s.required)], kind: 'label' },
  ];
  const above: Label[] = [
    ...(s.plan !== null ? [{ at: x(s.plan), lines: [say(text.rulerPlan, { size: f.exact(s.plan) })], kind: 'plan' }] : []),
    ...(stress !== null
      ? [{ at: x(stress), lines: [say(text.rulerStress, { percentile: s.stressP95 !== null ? 'p95' : 'p99', required: f.exact(stress) })], kind: 'stress' }]
      : []),
  ].sort((a, b) => a.at - b.at);
  const placed = (labels: readonly Label[]) => {
    const sized = labels.map(({ at, lines }) => ({ at, width: Math.max(...lines.map(f.wide)) * CHARACTER }));
    const centres = spread(sized, width);
    return labels.map((label, i) => ({ ...label, centre: centres[i]! }));
  };
  const summary = f.list([...below, ...above].map(({ lines }) => lines.join(' ')));
  return html`<svg class="ruler" part="ruler" width=${width} height="104" viewBox="0 0 ${width} 104" role="img" aria-label=${summary}>
    <rect class="track" x="0.5" y="40.5" width=${width - 1} height="19" rx="9.5" />
    <rect class="with-headroom" x="0" y="40" width=${x(s.required)} height="20" rx="9.5" />
    <rect class="mean" x="0" y="40" width=${x(s.charged)} height="20" rx="9.5" />
    ${placed(above).map(({ at, centre, lines, kind }) => svg`
      <line class=${kind} x1=${at} x2=${at} y1="28" y2="66" />
      <text class=${kind} x=${centre} y="20" text-anchor="middle">${lines[0]}</text>`)}
    <text class="muted" x="0" y="80">${below[0]!.at > 40 ? '0' : ''}</text>
    ${placed(below).map(({ centre, lines }) => svg`
      <text class="muted" x=${centre} y="80" text-anchor="middle">${lines[0]}</text>
      <text class="strong" x=${centre} y="97" text-anchor="middle">${lines[1]}</text>`)}
  </svg>`;
}
