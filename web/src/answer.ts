/** The answer: one number, large; the formula with the reader's numbers in it; notes. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import english from 'words:answer';
import type { Format } from './format.js';
import { ruler } from './ruler.js';
import type { Quantity, Report } from './types.js';
import { needed, type Say, type Sections, type Words } from './words.js';

export interface AnswerInput {
  report: Report;
  format: Format;
  words: Words;
  units: Sections['units'];
  say: Say;
  width: number;
  stale: boolean;
  /** Without the ruler, and with those notes only that the number cannot do without. */
  compact: boolean;
  /** Shows the panel on that. */
  onExceeded: (() => void) | undefined;
}

const SOLVED: Record<Quantity, string> = {
  'in-flight': 'C = λ × W',
  'arrival-rate': 'λ = C ÷ W',
  'response-time': 'W = C ÷ λ',
};

/** The headline as one sentence, for screen readers. */
export function sentence({ report: { sizing, tiers }, format: f, words, say }: Pick<AnswerInput, 'report' | 'format' | 'words' | 'say'>): string {
  const text = words('answer', english);
  const phrase = { needed: String(needed(say, text.needed[sizing.planCounts], sizing.required)) };
  if (sizing.plan !== null) return say(text.saidPlan, { ...phrase, plan: f.exact(sizing.plan) });
  return say(tiers.length > 0 ? text.saidNoPlan : text.said, phrase);
}

export function answer(input: AnswerInput): TemplateResult {
  const { report, format: f, words, width, stale } = input;
  const text = words('answer', english);
  return html`<div class="answer" part="answer" ?data-stale=${stale}>
    ${stale ? html`<p class="note" part="stale">${text.stale}</p>` : nothing}
    <h3>${text.heading}</h3>
    <p class="headline" part="headline">${headline(input)}</p>
    ${formula(input)} ${input.compact ? nothing : ruler(report, f, width, text, input.say)} ${notes(input)}
  </div>`;
}

function headline({ report: { sizing: s }, format: f, words, say }: AnswerInput): unknown {
  const text = words('answer', english);
  const phrase = needed(say, text.needed[s.planCounts], s.required, (n) => html`<strong data-required>${n}</strong>`);
  const plan = { needed: phrase, plan: s.plan === null ? '' : f.exact(s.plan), size: (n: unknown) => html`<strong data-plan>${n}</strong>` };
  if (s.plan === null) return phrase;
  return s.planPrice === null ? say(text.plan, plan) : say(text.planPrice, { ...plan, price: f.price(s.planPrice) });
}

function formula({ report: { sizing: s }, format: f, words, units, say }: AnswerInput): TemplateResult {
  const text = words('answer', english);
  // A formula goes from left to right, whatever goes on in its quantities.
  const rate = html`<bdi>${say(units.perSecond, { rate: f.exact(s.arrivalRate) })}</bdi>`;
  const time = html`<bdi>${f.time(s.responseTime)}</bdi>`;
  const solved = {
    'in-flight': html`${rate} × ${time} = <em>${f.exact(s.mean)}</em>`,
    'arrival-rate': html`${f.exact(s.mean)} ÷ ${time} = <em>${rate}</em>`,
    'response-time': html`${f.exact(s.mean)} ÷ ${rate} = <em>${time}</em>`,
  }[s.solvedFor];
  const room = f.exact(1 + s.headroom);
  const same = s.charged === s.mean && s.chargedWithHeadroom === s.withHeadroom;
  const charged = needed(say, text.needed[s.planCounts], s.charged);
  const rounded = { room, needed: needed(say, text.needed[s.planCounts], s.required) };
  return html`<p class="formula" part="formula">
    <bdi dir="ltr">${SOLVED[s.solvedFor]} = ${solved}</bdi>
    ${same
      ? html`<span class="step">${say(text.rounded, { ...rounded, load: f.exact(s.withHeadroom) })}</span>`
      : html`<span class="step">${say(text.charged, { needed: charged })}</span>
          <span class="step">${say(text.chargedRounded, { ...rounded, load: f.exact(s.chargedWithHeadroom) })}</span>`}
  </p>`;
}

function notes({ report: { sizing: s, tiers, samples, connections }, format: f, words, say, compact, onExceeded }: AnswerInput): TemplateResult {
  const text = words('answer', english);
  const largest = tiers.at(-1);
  const stress = s.stressP95 ?? s.stressP99;
  const [percentile, slow] = s.stressP95 !== null ? ['p95', s.responseTimeP95!] : ['p99', s.responseTimeP99 ?? 0];
  const stressPlan = s.stressP95 !== null ? s.stressP95Plan : s.stressP99Plan;
  const stressed = { percentile, time: f.time(slow), required: f.exact(stress ?? 0) };
  return html`
    ${s.plan === null && largest
      ? html`<p class="note" part="note">${say(text.noPlan, {
          required: f.exact(s.required), size: f.exact(largest.size), rate: f.number(largest.largestRateWithHeadroom, 3),
          count: f.exact(Math.ceil(s.required / largest.size)),
        })}</p>`
      : nothing}
    ${stress !== null && stress > 0 && !compact
      ? html`<p class="note" part="note">${stressPlan !== null ? say(text.stressPlan, { ...stressed, plan: f.exact(stressPlan) })
          : say(largest ? text.stressNoPlan : text.stress, stressed)}
          ${!onExceeded ? text.stressCaseAlone : say(text.stressCase, { link: (words) => html`<button type="button" class="link inline" @click=${onExceeded}>${words}</button>` })}</p>`
      : nothing}
    ${samples && samples.meanHalfWidth !== null ? html`<p class="note plain" part="note">${measured(samples, samples.meanHalfWidth)}</p>` : nothing}
    ${!s.planCountsVisible ? html`<p class="note plain" part="note">${say(text.unseen, { counted: text.counted[s.planCounts] })}</p>` : nothing}
    ${connections.requestsWaiting > 0
      ? html`<p class="note" part="note">${say(text.streamWait, { count: connections.requestsWaiting, most: f.exact(connections.requestsInFlightAtOrigin) })}</p>`
      : nothing}
    ${!compact && connections.httpVersion === '2' && connections.requestsWaiting === 0 && s.planCounts !== 'requests-per-minute'
      ? html`<p class="note plain" part="note">${say(text.coldStart, { count: connections.parallelRequests })}</p>`
      : nothing}`;

  function measured({ count, mean }: NonNullable<Report['samples']>, halfWidth: number): string {
    const known = { count, mean: f.time(mean), half: f.time(halfWidth) };
    return s.requiredLow !== null && s.requiredHigh !== null
      ? say(text.samplesNeed, { ...known, low: f.exact(s.requiredLow), high: f.exact(s.requiredHigh) })
      : say(text.samples, known);
  }
}
