/** The answer: one number, large; the formula with the reader's numbers in it; notes. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Format } from './format.js';
import { NEEDED, SOLVED, TEXT } from './messages.js';
import { ruler } from './ruler.js';
import type { Report } from './types.js';

export interface AnswerInput {
  report: Report;
  format: Format;
  width: number;
  stale: boolean;
  /** Without the ruler, and with those notes only that the number cannot do without. */
  compact: boolean;
  /** Shows the panel on that. */
  onExceeded: (() => void) | undefined;
}

/** The headline as one sentence, for screen readers. */
export function sentence({ sizing, tiers }: Report, f: Format): string {
  const needed = `${TEXT.youNeed} ${f.exact(sizing.required)} ${NEEDED[sizing.planCounts](sizing.required === 1)}`;
  if (sizing.plan !== null) return `${needed}: ${TEXT.toPlan.slice(2)} ${f.exact(sizing.plan)} ${TEXT.plan}.`;
  return tiers.length > 0 ? `${needed}: no plan on offer holds that.` : `${needed}.`;
}

export function answer(input: AnswerInput): TemplateResult {
  const { report, format: f, width, stale } = input;
  const { sizing, tiers } = report;
  const unit = NEEDED[sizing.planCounts](sizing.required === 1);
  return html`<div class="answer" part="answer" ?data-stale=${stale}>
    ${stale ? html`<p class="note" part="stale">${TEXT.stale}</p>` : nothing}
    <h3>${TEXT.youNeed}</h3>
    <p class="headline" part="headline">
      <strong data-required>${f.exact(sizing.required)}</strong>
      ${sizing.plan !== null
        ? html`<span>${unit} ${TEXT.toPlan}</span> <strong data-plan>${f.exact(sizing.plan)}</strong> <span>${TEXT.plan}${sizing.planPrice !== null ? html` for ${f.price(sizing.planPrice)}` : nothing}</span>`
        : html`<span>${unit}</span>`}
    </p>
    ${formula(report, f)} ${input.compact ? nothing : ruler(report, f, width)} ${notes(report, tiers.length > 0, input)}
  </div>`;
}

function formula({ sizing: s }: Report, f: Format): TemplateResult {
  const rate = html`${f.exact(s.arrivalRate)}/s`;
  const time = f.time(s.responseTime);
  const load = html`<em>${f.exact(s.mean)}</em>`;
  const solved = {
    'in-flight': html`${rate} × ${time} = ${load}`,
    'arrival-rate': html`${f.exact(s.mean)} ÷ ${time} = <em>${rate}</em>`,
    'response-time': html`${f.exact(s.mean)} ÷ ${rate} = <em>${time}</em>`,
  }[s.solvedFor];
  const room = f.exact(1 + s.headroom);
  const same = s.charged === s.mean && s.chargedWithHeadroom === s.withHeadroom;
  const rounded = html`${f.exact(s.required)} whole ${NEEDED[s.planCounts](s.required === 1)}`;
  return html`<p class="formula" part="formula">
    <span>${SOLVED[s.solvedFor]} = ${solved}</span>
    ${same
      ? html`<span class="step">× ${room} headroom = <em>${f.exact(s.withHeadroom)}</em> → ${rounded}</span>`
      : html`<span class="step">the plan charges <em>${f.exact(s.charged)}</em> ${NEEDED[s.planCounts](false)}</span>
          <span class="step">at × ${room} headroom <em>${f.exact(s.chargedWithHeadroom)}</em> → ${rounded}</span>`}
  </p>`;
}

function notes({ sizing: s, tiers, samples, connections }: Report, offered: boolean, { format: f, compact, onExceeded }: AnswerInput): TemplateResult {
  const largest = tiers.at(-1);
  const stress = s.stressP95 ?? s.stressP99;
  const [percentile, slow] = s.stressP95 !== null ? ['p95', s.responseTimeP95!] : ['p99', s.responseTimeP99 ?? 0];
  const stressPlan = s.stressP95 !== null ? s.stressP95Plan : s.stressP99Plan;
  return html`
    ${offered && s.plan === null && largest
      ? html`<p class="note" part="note"><strong>No plan on offer holds ${f.exact(s.required)}.</strong>
          The largest, ${f.exact(largest.size)}, carries ${f.number(largest.largestRateWithHeadroom, 3)} requests/s with your
          headroom. Split the load over ${f.exact(Math.ceil(s.required / largest.size))} of them, or make responses faster.</p>`
      : nothing}
    ${stress !== null && stress > 0 && !compact
      ? html`<p class="note" part="note"><strong>Stress: if every response slowed to ${percentile} (${f.time(slow)}) you would need
          ${f.exact(stress)}${stressPlan !== null ? ` → the ${f.exact(stressPlan)} plan` : offered ? ', more than any plan on offer' : ''}.</strong>
          It is a stress case, not a percentile of what is in flight${onExceeded ? html`: for that, see
          <button type="button" class="link inline" @click=${onExceeded}>When exceeded</button>` : nothing}.</p>`
      : nothing}
    ${samples && samples.meanHalfWidth !== null
      ? html`<p class="note plain" part="note">From ${f.exact(samples.count)} measurements the mean is ${f.time(samples.mean)} ±
          ${f.time(samples.meanHalfWidth)} (95 % interval)${s.requiredLow !== null && s.requiredHigh !== null
            ? `: between ${f.exact(s.requiredLow)} and ${f.exact(s.requiredHigh)} needed`
            : ''}.</p>`
      : nothing}
    ${!s.planCountsVisible
      ? html`<p class="note plain" part="note">On this route the proxy cannot see ${NEEDED[s.planCounts](false)}; requests in
          flight stand for them.</p>`
      : nothing}
    ${connections.requestsWaiting > 0
      ? html`<p class="note" part="note"><strong>${f.exact(connections.requestsWaiting)} requests wait for a stream.</strong> A client that opens no
          second connection keeps ${f.exact(connections.requestsInFlightAtOrigin)} in flight at the most: this rate cannot be kept.</p>`
      : nothing}
    ${!compact && connections.httpVersion === '2' && connections.requestsWaiting === 0 && s.planCounts !== 'requests-per-minute'
      ? html`<p class="note plain" part="note">A cold start may open up to ${f.exact(connections.parallelRequests)} connections at
          once: send one request first.</p>`
      : nothing}`;
}
