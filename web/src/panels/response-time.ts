/** Connections against response time: the mean, the stress case and the plan's edge; and what each plan carries. */
import { ticks } from 'd3-array';
import type { TemplateResult } from 'lit';
import type { PanelInput } from '../panel.js';
import type { CurvePoint, Tier } from '../types.js';

const HEIGHT = 250;
const TOP = 18;
const BOTTOM = 30;

export function render(input: PanelInput): TemplateResult {
  return input.lit.html`${chart(input)} ${plans(input)}`;
}

function chart({ lit: { html, svg, nothing }, needed, report, format: f, width }: PanelInput): unknown {
  const { sizing: s, curve, tiers } = report;
  const last = curve.at(-1);
  if (!last || last.responseTime === 0 || width < 160) return nothing;
  const top = Math.max(last.charged, (s.plan ?? 0) * 1.1, s.required);
  const narrow = width < 480;
  const yTicks = ticks(0, top, 4);
  const left = 10 + 7 * Math.max(...yTicks.map((t) => f.number(t).length));
  const x = (w: number): number => left + (w / last.responseTime) * (width - left - 8);
  const y = (c: number): number => HEIGHT - BOTTOM - (c / top) * (HEIGHT - TOP - BOTTOM);
  const path = (of: (p: CurvePoint) => number): string =>
    curve.filter((p) => of(p) <= top * 1.001).map((p) => `${x(p.responseTime).toFixed(1)},${y(of(p)).toFixed(1)}`).join(' ');
  const plan = tiers.find(({ size }) => size === s.plan);
  const slow = s.stressP95 !== null && s.stressP95 <= top ? s.responseTimeP95 : null;
  // A label goes to the side of its point that has room.
  const beside = (at: number): { x: number; anchor: 'start' | 'end' } =>
    at > width * 0.6 ? { x: at - 10, anchor: 'end' } : { x: at + 10, anchor: 'start' };
  const meanAt = beside(x(s.responseTime));
  const edge = plan && edgeText(plan, f, narrow);
  const said = `${needed[s.planCounts](false)} against response time: ${f.exact(s.charged)} at the mean of ${f.time(s.responseTime)}`
    + `${edge ? `; ${edge}` : ''}${s.stressP95 !== null ? `; ${f.exact(s.stressP95)} if all took p95` : ''}.`;
  return html`<figure class="chart" part="chart">
    <svg width=${width} height=${HEIGHT} viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label=${said}>
      ${yTicks.map((t) => svg`<line class="grid" x1=${left} x2=${width - 8} y1=${y(t)} y2=${y(t)} />
        <text class="muted" x=${left - 8} y=${y(t) + 4} text-anchor="end">${f.number(t)}</text>`)}
      ${ticks(0, last.responseTime, narrow ? 3 : 5).map((t) => svg`<text class="muted" x=${x(t)} y=${HEIGHT - 10}
        text-anchor=${t === 0 ? 'start' : x(t) > width - 30 ? 'end' : 'middle'}>${t === 0 ? '0' : f.time(t)}</text>`)}
      <polyline class="curve headroom" points=${path((p) => p.chargedWithHeadroom)} />
      <polyline class="curve" points=${path((p) => p.charged)} />
      ${plan && y(plan.size) >= TOP - 2 ? svg`<line class="edge" x1=${left} x2=${width - 8} y1=${y(plan.size)} y2=${y(plan.size)} />
        <text class="strong halo" x=${width - 10} y=${y(plan.size) - 6} text-anchor="end">${edge}</text>` : nothing}
      ${slow !== null ? svg`<circle class="point stress" cx=${x(slow)} cy=${y(s.stressP95!)} r="6" />
        <text class="stress halo" x=${Math.min(x(slow) + 160, width - 8)} y=${y(s.stressP95!) + 24} text-anchor="end">if all took p95 → ${f.exact(s.stressP95!)}</text>` : nothing}
      <circle class="point" cx=${x(s.responseTime)} cy=${y(s.charged)} r="6" />
      <text class="strong halo" x=${meanAt.x} y=${y(s.charged) + 20} text-anchor=${meanAt.anchor}>mean ${f.time(s.responseTime)} → ${f.exact(s.charged)}</text>
    </svg>
    <figcaption><i class="key"></i> on average <i class="key headroom"></i> with ${f.percent(s.headroom)} headroom
      ${plan ? html`<i class="key edge"></i> the ${f.exact(plan.size)} plan` : nothing}</figcaption>
  </figure>`;
}

function edgeText(plan: Tier, f: PanelInput['format'], narrow: boolean): string {
  if (plan.longestResponseTime === null) return `${f.exact(plan.size)} plan`;
  const full = `${f.exact(plan.size)} plan: full at ${f.time(plan.longestResponseTime)}`;
  return narrow || plan.longestResponseTimeWithHeadroom === null
    ? full : `${full}, or ${f.time(plan.longestResponseTimeWithHeadroom)} with headroom`;
}

function plans({ lit: { html, nothing }, report: { tiers, sizing: s }, format: f }: PanelInput): unknown {
  if (tiers.length === 0) return nothing;
  const prices = tiers.some(({ price }) => price !== null);
  const jobs = tiers.some(({ finishTime }) => finishTime !== null);
  const matters = tiers.some((tier) => tier.longestResponseTimeWithHeadroom !== null);
  const limit = (t: number | null) => (t === null ? '–' : t === 0 ? 'none' : f.time(t));
  return html`<div class="scroll" tabindex="0" role="region" aria-label="What each plan carries"><table part="table">
    <caption>What each plan carries, headroom kept</caption>
    <thead><tr><th scope="col">Plan</th>${prices ? html`<th scope="col">Price</th>` : nothing}
      <th scope="col">Used</th><th scope="col">Most requests/s</th>
      ${matters ? html`<th scope="col">Slowest mean response</th>` : nothing}
      ${jobs ? html`<th scope="col">All targets in</th>` : nothing}</tr></thead>
    <tbody>${tiers.map((tier) => html`<tr class=${tier.size === s.plan ? 'chosen' : tier.fits ? '' : 'short'}>
      <th scope="row">${f.exact(tier.size)}${tier.size === s.plan ? html` <span class="tag">take this</span>` : tier.fits ? nothing : html` <span class="tag">too small</span>`}</th>
      ${prices ? html`<td>${tier.price === null ? '–' : f.price(tier.price)}</td>` : nothing}
      <td>${f.percent(tier.used)}</td><td>${f.number(tier.largestRateWithHeadroom, 3)}</td>
      ${matters ? html`<td>${limit(tier.longestResponseTimeWithHeadroom)}</td>` : nothing}
      ${jobs ? html`<td>${limit(tier.finishTimeWithHeadroom)}</td>` : nothing}</tr>`)}</tbody>
  </table></div>`;
}
