/** Connections against response time: the mean, the stress case and the plan's edge; and what each plan carries. */
import type { TemplateResult } from 'lit/html.js';
import english from 'words:responseTime';
import { chart, type Edge, type Mark } from '../chart.js';
import type { PanelInput } from '../panel.js';
import type { Tier } from '../types.js';

export function render(input: PanelInput): TemplateResult {
  const { lit: { html, nothing }, needed, words, say, report: { sizing: s }, format: f } = input;
  return html`${curve(input)}
    ${s.elasticity !== null && s.elasticity > 0 && s.requiredAtDouble !== null && s.required > 0
      ? html`<p class="said">${say(words('responseTime', english).lever, {
          time: f.time(2 * s.responseTime), needed: needed(s.requiredAtDouble), now: f.exact(s.required),
        })}</p>`
      : nothing}
    ${plans(input)}`;
}

function curve(input: PanelInput): unknown {
  const { lit: { nothing }, counted, words, say, report: { sizing: s, curve, tiers }, format: f, width } = input;
  const text = words('responseTime', english);
  const last = curve.at(-1);
  if (!last || last.responseTime === 0 || width < 160) return nothing;
  // Of no load there is no scale: one connection is as good as any.
  const top = Math.max(last.charged, (s.plan ?? 0) * 1.1, s.required) || 1;
  const plan = tiers.find(({ size }) => size === s.plan);
  const edges: Edge[] = plan ? [{ axis: 'y', at: plan.size, label: edgeText(plan, input) }] : [];
  const marks: Mark[] = [
    { at: [s.responseTime, s.charged], kind: 'mean', side: 'below', label: say(text.markMean, { time: f.time(s.responseTime), count: f.exact(s.charged) }) },
  ];
  if (s.responseTimeP95 !== null && s.stressP95 !== null && s.responseTimeP95 <= last.responseTime) {
    marks.push({ at: [s.responseTimeP95, s.stressP95], kind: 'stress', side: 'below', label: say(text.markP95, { count: f.exact(s.stressP95) }) });
  }
  const said = say(text.chart, { counted, points: f.list([...marks, ...edges].map(({ label }) => label)) });
  return chart({
    x: { from: 0, to: last.responseTime, text: (w) => (w === 0 ? '0' : f.time(w)) },
    y: { from: 0, to: top, text: (n) => f.number(n) },
    series: [
      { kind: 'headroom', label: say(text.withHeadroom, { headroom: f.percent(s.headroom) }), points: curve.map((p) => [p.responseTime, p.chargedWithHeadroom]) },
      { kind: 'mean', label: text.onAverage, points: curve.map((p) => [p.responseTime, p.charged]) },
    ],
    edges, marks, said,
  }, input);
}

function edgeText(plan: Tier, { words, say, format: f, width }: PanelInput): string {
  const text = words('responseTime', english);
  const size = f.exact(plan.size);
  if (plan.longestResponseTime === null) return say(text.plan, { size });
  const time = f.time(plan.longestResponseTime);
  return width < 480 || plan.longestResponseTimeWithHeadroom === null
    ? say(text.planFull, { size, time })
    : say(text.planFullHeadroom, { size, time, timeWithHeadroom: f.time(plan.longestResponseTimeWithHeadroom) });
}

function plans({ lit: { html, nothing }, words, report: { tiers, sizing: s }, format: f }: PanelInput): unknown {
  const text = words('responseTime', english);
  if (tiers.length === 0) return nothing;
  const prices = tiers.some(({ price }) => price !== null);
  const jobs = tiers.some(({ finishTime }) => finishTime !== null);
  const matters = tiers.some((tier) => tier.longestResponseTimeWithHeadroom !== null);
  const limit = (t: number | null) => (t === null ? '–' : t === 0 ? text.none : f.time(t));
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${text.carries}><table part="table">
    <caption>${text.carriesHeadroom}</caption>
    <thead><tr><th scope="col">${text.columns.plan}</th>${prices ? html`<th scope="col">${text.columns.price}</th>` : nothing}
      <th scope="col">${text.columns.used}</th><th scope="col">${text.columns.rate}</th>
      ${matters ? html`<th scope="col">${text.columns.slowest}</th>` : nothing}
      ${jobs ? html`<th scope="col">${text.columns.finish}</th>` : nothing}</tr></thead>
    <tbody>${tiers.map((tier) => html`<tr class=${tier.size === s.plan ? 'chosen' : tier.fits ? '' : 'short'}>
      <th scope="row">${f.exact(tier.size)}${tier.size === s.plan ? html` <span class="tag">${text.takeThis}</span>` : tier.fits ? nothing : html` <span class="tag">${text.tooSmall}</span>`}</th>
      ${prices ? html`<td>${tier.price === null ? '–' : f.price(tier.price)}</td>` : nothing}
      <td>${f.percent(tier.used)}</td><td>${f.number(tier.largestRateWithHeadroom, 3)}</td>
      ${matters ? html`<td>${limit(tier.longestResponseTimeWithHeadroom)}</td>` : nothing}
      ${jobs ? html`<td>${limit(tier.finishTimeWithHeadroom)}</td>` : nothing}</tr>`)}</tbody>
  </table></div>`;
}
