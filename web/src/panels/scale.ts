/** How to grow: credentials, endpoints, exit IPs, bandwidth, and the plans to buy together. */
import type { TemplateResult } from 'lit/html.js';
import { scale } from '../advice.js';
import { form } from '../environment.js';
import type { PanelInput } from '../panel.js';
import type { Scale } from '../types.js';

export { brings, ready } from '../advice.js';
export const ask = scale;

export function render(input: PanelInput): TemplateResult {
  const { lit: { html, nothing } } = input;
  const answer = input.answer as Scale | undefined;
  return html`${form(input, 'How you grow', ['credentials', 'credential-sharing', 'response-size', 'reduced-after-traffic', 'destination-limit', 'requests-per-ip'],
      ['operating-system', 'ephemeral-ports', 'time-wait', 'proxy-endpoints'])}
    ${answer ? html`<div class="halves"><div><h3>Connections</h3>${connections(answer, input)}</div>
      <div><h3>Traffic</h3>${traffic(answer, input)}</div></div>
      ${mix(answer, input)}` : nothing}`;
}

function connections(s: Scale, { lit: { html, nothing }, format: f, needed, report: { sizing } }: PanelInput): TemplateResult {
  const rows: readonly (readonly [string, string] | false)[] = [
    [`Needed, ${needed[sizing.planCounts](false)}`, f.exact(s.required)],
    s.cap !== null && ['Cap of one plan', f.exact(s.cap)],
    s.cap !== null && s.capPerCredential !== null && s.capPerCredential !== s.cap && ['Cap of each credential', f.exact(s.capPerCredential)],
    s.capTogether !== null && ['Cap of all credentials', f.exact(s.capTogether)],
    s.cap !== null && ['Credentials that hold it', s.credentialsNeeded === null ? 'none: they share one cap' : f.exact(s.credentialsNeeded)],
    ['Each credential must hold', f.exact(s.requiredPerCredential)],
    s.planPerCredential !== null && ['Plan for each credential', f.exact(s.planPerCredential)],
    s.endpointsNeeded !== null && ['Proxy endpoints, for their ports', f.exact(s.endpointsNeeded)],
    s.exitIpsNeeded !== null && ['Exit IPs, for the destinations', f.exact(s.exitIpsNeeded)],
    s.ipsPerSecond !== null && ['Exit IPs per second', f.number(s.ipsPerSecond, 3)],
  ];
  const short = s.capTogether !== null && s.capTogether < s.required;
  return html`${list(rows, html)}
    ${short ? html`<p class="note"><strong>${f.exact(s.capTogether!)} together do not hold ${f.exact(s.required)}.</strong> ${s.credentialsNeeded === null
      ? 'More credentials share the same cap: only a larger plan or another account helps.'
      : `It takes ${f.exact(s.credentialsNeeded)} credentials of ${f.exact(s.cap!)}.`}</p>` : nothing}`;
}

function traffic(s: Scale, { lit: { html, nothing }, format: f }: PanelInput): TemplateResult {
  const full = s.trafficAtCap;
  const rows = ([
    ['MB/s', 'megabytesPerSecond'], ['Mbit/s', 'megabitsPerSecond'], ['GB per hour', 'gigabytesPerHour'], ['GB in 30 days', 'gigabytesPerMonth'],
  ] as const);
  return html`<table part="table"><thead><tr><th scope="col"></th><th scope="col">At your rate</th>${full ? html`<th scope="col">At the cap</th>` : nothing}</tr></thead>
    <tbody>${rows.map(([label, key]) => html`<tr><th scope="row">${label}</th><td>${f.number(s.traffic[key], 4)}</td>${full ? html`<td>${f.number(full[key], 4)}</td>` : nothing}</tr>`)}</tbody></table>
    ${s.hoursUntilReduced !== null
      ? html`<p class="note"><strong>The cap drops after ${f.time(s.hoursUntilReduced * 3600)}</strong> of each 30 days at this rate. “Lowers the cap after much traffic” in
          the form shows what then fails.</p>`
      : nothing}`;
}

function mix(s: Scale, { lit: { html, nothing }, format: f }: PanelInput): unknown {
  const m = s.mix;
  if (!m || m.parts.length === 0) return nothing;
  const priced = m.price !== null;
  return html`<div class="mix"><h3>${priced ? 'Cheapest plans together' : 'Fewest plans together'}</h3>
    <table part="table"><thead><tr><th scope="col">Plan</th><th scope="col">How many</th>${priced ? html`<th scope="col">Price</th>` : nothing}<th scope="col">Holds</th></tr></thead>
      <tbody>${m.parts.map((part) => html`<tr><th scope="row">${f.exact(part.size)}</th><td>${f.exact(part.count)}</td>
          ${priced ? html`<td>${f.price((part.price ?? 0) * part.count)}</td>` : nothing}<td>${f.exact(part.size * part.count)}</td></tr>`)}
        <tr class="chosen"><th scope="row">Together</th><td>${f.exact(m.parts.reduce((n, { count }) => n + count, 0))}</td>
          ${priced ? html`<td>${f.price(m.price!)}</td>` : nothing}<td>${f.exact(m.size)}</td></tr></tbody></table>
    ${m.proven ? nothing : html`<p class="assumptions">The search was cut short: something a little better may exist.</p>`}</div>`;
}

function list(rows: readonly (readonly [string, string] | false)[], html: PanelInput['lit']['html']): TemplateResult {
  return html`<table part="table"><tbody>${rows.filter((row) => row !== false).map(([label, cell]) => html`<tr><th scope="row">${label}</th><td>${cell}</td></tr>`)}</tbody></table>`;
}
