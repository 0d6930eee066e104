/** Connections against response time: the mean, the stress case and the plan's edge; and what each plan carries. */
import type { TemplateResult } from 'lit/html.js';
import { chart, type Edge, type Mark } from '../chart.js';
import type { PanelInput } from '../panel.js';
import type { Tier } from '../types.js';

export function render(input: PanelInput): TemplateResult {
  const { lit: { html, nothing }, needed, report: { sizing: s }, format: f } = input;
  return html`${curve(input)}
    ${s.elasticity !== null && s.elasticity > 0 && s.requiredAtDouble !== null && s.required > 0
      ? html`<p class="said">Response time is the lever: twice as slow, ${f.time(2 * s.responseTime)}, needs
          <strong>${f.exact(s.requiredAtDouble)}</strong> ${needed[s.planCounts](false)} instead of ${f.exact(s.required)}.</p>`
      : nothing}
    ${plans(input)}`;
}

function curve(input: PanelInput): unknown {
  const { lit: { nothing }, needed, report: { sizing: s, curve, tiers }, format: f, width } = input;
  const last = curve.at(-1);
  if (!last || last.responseTime === 0 || width < 160) return nothing;
  // Of no load there is no scale: one connection is as good as any.
  const top = Math.max(last.charged, (s.plan ?? 0) * 1.1, s.required) || 1;
  const plan = tiers.find(({ size }) => size === s.plan);
  const edges: Edge[] = plan ? [{ axis: 'y', at: plan.size, label: edgeText(plan, f, width < 480) }] : [];
  const marks: Mark[] = [
    { at: [s.responseTime, s.charged], kind: 'mean', side: 'below', label: `mean ${f.time(s.responseTime)} → ${f.exact(s.charged)}` },
  ];
  if (s.responseTimeP95 !== null && s.stressP95 !== null && s.responseTimeP95 <= last.responseTime) {
    marks.push({ at: [s.responseTimeP95, s.stressP95], kind: 'stress', side: 'below', label: `if all took p95 → ${f.exact(s.stressP95)}` });
  }
  const said = `${needed[s.planCounts](false)} against response time: ${[...marks, ...edges].map(({ label }) => label).join('; ')}.`;
  return chart({
    x: { from: 0, to: last.responseTime, text: (w) => (w === 0 ? '0' : f.time(w)) },
    y: { from: 0, to: top, text: (n) => f.number(n) },
    series: [
      { kind: 'headroom', label: `with ${f.percent(s.headroom)} headroom`, points: curve.map((p) => [p.responseTime, p.chargedWithHeadroom]) },
      { kind: 'mean', label: 'on average', points: curve.map((p) => [p.responseTime, p.charged]) },
    ],
    edges, marks, said,
  }, input);
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
