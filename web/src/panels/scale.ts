/** How to grow: credentials, endpoints, exit IPs, bandwidth, and the plans to buy together. */
import type { TemplateResult } from 'lit/html.js';
import english from 'words:scale';
import { scale } from '../advice.js';
import { form } from '../environment.js';
import type { PanelInput } from '../panel.js';
import type { Scale, Scenario } from '../types.js';

export { brings, ready } from '../advice.js';
export const ask = (_: Scenario, whole: Scenario): Scale => scale(whole);

export function render(input: PanelInput): TemplateResult {
  const { lit: { html, nothing }, words } = input;
  const text = words('scale', english);
  const answer = input.answer as Scale | undefined;
  return html`${form(input, text.form, ['credentials', 'credential-sharing', 'response-size', 'reduced-after-traffic', 'destination-limit', 'requests-per-ip'],
      text.moreForm, ['operating-system', 'ephemeral-ports', 'time-wait', 'proxy-endpoints'])}
    ${answer ? html`<div class="halves"><div><h3>${text.connections}</h3>${connections(answer, input)}</div>
      <div><h3>${text.traffic}</h3>${traffic(answer, input)}</div></div>
      ${mix(answer, input)}` : nothing}`;
}

function connections(s: Scale, { lit: { html, nothing }, words, say, format: f, counted }: PanelInput): TemplateResult {
  const text = words('scale', english);
  const { rows: labels } = text;
  const rows: readonly (readonly [string, string] | false)[] = [
    [say(labels.needed, { counted }), f.exact(s.required)],
    s.cap !== null && [labels.cap, f.exact(s.cap)],
    s.cap !== null && s.capPerCredential !== null && s.capPerCredential !== s.cap && [labels.capEach, f.exact(s.capPerCredential)],
    s.capTogether !== null && [labels.capAll, f.exact(s.capTogether)],
    s.cap !== null && [labels.credentials, s.credentialsNeeded === null ? text.sharedCap : f.exact(s.credentialsNeeded)],
    [labels.eachHolds, f.exact(s.requiredPerCredential)],
    s.planPerCredential !== null && [labels.planEach, f.exact(s.planPerCredential)],
    s.endpointsNeeded !== null && [labels.endpoints, f.exact(s.endpointsNeeded)],
    s.exitIpsNeeded !== null && [labels.exitIps, f.exact(s.exitIpsNeeded)],
    s.ipsPerSecond !== null && [labels.ipsPerSecond, f.number(s.ipsPerSecond, 3)],
  ];
  const short = s.capTogether !== null && s.capTogether < s.required;
  const sums = { together: f.exact(s.capTogether ?? 0), required: f.exact(s.required) };
  return html`${list(rows, html)}
    ${short ? html`<p class="note">${s.credentialsNeeded === null ? say(text.shortShared, sums)
      : say(text.short, { ...sums, count: s.credentialsNeeded, cap: f.exact(s.cap!) })}</p>` : nothing}`;
}

function traffic(s: Scale, { lit: { html, nothing }, words, say, format: f }: PanelInput): TemplateResult {
  const text = words('scale', english);
  const full = s.trafficAtCap;
  const rows = ['megabytesPerSecond', 'megabitsPerSecond', 'gigabytesPerHour', 'gigabytesPerMonth'] as const;
  return html`<table part="table"><thead><tr><td></td><th scope="col">${text.trafficColumns.rate}</th>${full ? html`<th scope="col">${text.trafficColumns.cap}</th>` : nothing}</tr></thead>
    <tbody>${rows.map((key) => html`<tr><th scope="row">${text.trafficRows[key]}</th><td>${f.number(s.traffic[key], 4)}</td>${full ? html`<td>${f.number(full[key], 4)}</td>` : nothing}</tr>`)}</tbody></table>
    ${s.hoursUntilReduced !== null
      ? html`<p class="note">${say(text.drops, { time: f.time(s.hoursUntilReduced * 3600) })}</p>`
      : nothing}`;
}

function mix(s: Scale, { lit: { html, nothing }, words, format: f }: PanelInput): unknown {
  const text = words('scale', english);
  const { mixColumns: columns } = text;
  const m = s.mix;
  if (!m || m.parts.length === 0) return nothing;
  const priced = m.price !== null;
  return html`<div class="mix"><h3>${priced ? text.cheapest : text.fewest}</h3>
    <table part="table"><thead><tr><th scope="col">${columns.plan}</th><th scope="col">${columns.count}</th>${priced
      ? html`<th scope="col">${columns.price}</th>` : nothing}<th scope="col">${columns.holds}</th></tr></thead>
      <tbody>${m.parts.map((part) => html`<tr><th scope="row">${f.exact(part.size)}</th><td>${f.exact(part.count)}</td>
          ${priced ? html`<td>${f.price((part.price ?? 0) * part.count)}</td>` : nothing}<td>${f.exact(part.size * part.count)}</td></tr>`)}
        <tr class="chosen"><th scope="row">${text.together}</th><td>${f.exact(m.parts.reduce((n, { count }) => n + count, 0))}</td>
          ${priced ? html`<td>${f.price(m.price!)}</td>` : nothing}<td>${f.exact(m.size)}</td></tr></tbody></table>
    ${m.proven ? nothing : html`<p class="assumptions">${text.cutShort}</p>`}</div>`;
}

function list(rows: readonly (readonly [string, string] | false)[], html: PanelInput['lit']['html']): TemplateResult {
  return html`<table part="table"><tbody>${rows.filter((row) => row !== false).map(([label, cell]) => html`<tr><th scope="row">${label}</th><td>${cell}</td></tr>`)}</tbody></table>`;
}
