/** What breaks first: each layer from the plan outwards, what keeping connections open buys, and what waiting takes. */
import type { TemplateResult } from 'lit/html.js';
import english from 'words:limits';
import { limits } from '../advice.js';
import { defaults, form } from '../environment.js';
import type { PanelInput } from '../panel.js';
import type { Layer, LayerUse, Limits, Preset, Reuse, RoundTrips, Scenario } from '../types.js';

export { brings, ready } from '../advice.js';
export const ask = (_: Scenario, whole: Scenario): Limits => limits(whole);

/** Units of the layers whose numbers are no counts. */
const UNITS: Partial<Record<Layer, 'Mbit/s' | 'MiB'>> = { bandwidth: 'Mbit/s', memory: 'MiB' };


export function render(input: PanelInput): TemplateResult {
  const { lit: { html, nothing }, words, say, units, format: f } = input;
  const text = words('limits', english);
  const answer = input.answer as Limits | undefined;
  const preset = (name: Layer) => answer?.layers.find(({ layer }) => layer === name)?.preset?.value ?? null;
  const placeholders = defaults(input, {
    'file-descriptors': preset('file-descriptors'), 'tracked-connections': preset('connection-tracking'), 'client-limit': preset('client-library'),
  });
  return html`${form(input, text.form, ['operating-system', 'client-library', 'file-descriptors', 'client-limit', 'response-size', 'bandwidth',
      'destination-limit', 'exit-ips', 'memory'],
    text.moreForm, ['proxy-round-trip', 'origin-round-trip', 'tls-version', 'proxy-idle-timeout', 'requests-per-ip', 'concurrency-model', 'proxy-endpoints', 'ephemeral-ports',
      'time-wait', 'tracked-connections'], placeholders)}
    ${answer ? html`<div>${waterfall(answer)}
      <div class="halves"><div><h3>${text.poolHeading}</h3>${pool(answer)}</div>
        <div><h3>${text.waitingHeading}</h3>${runtime(answer)}</div></div>
      ${sources(answer)}</div>` : nothing}`;

  function waterfall({ layers, first, fits, reuse }: Limits): TemplateResult {
    const over = layers.filter(({ used }) => used !== null && used > 1);
    const fullest = layers.find(({ layer }) => layer === first);
    const broken = over.length > 0 ? over : fullest ? [fullest] : [];
    const rate = fullest?.fullAtPerSecond ?? null;
    return html`<h3>${text.heading}</h3>
      <p class="verdict" role="status">${!fullest ? text.noLimit : html`<strong class=${fits ? '' : 'bad'}>${fits ? text.fits : text.doesNotFit}</strong> ${rate === null
        ? say(text.first, { layer: text.layers[fullest.layer].name })
        : say(text.firstFull, { layer: text.layers[fullest.layer].name, rate: f.number(rate, 3) })}`}</p>
      <table part="table" class="layers">
        <caption class="sr">${text.table}</caption>
        <thead><tr>${Object.values(text.columns).map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
        <tbody>${layers.map((layer) => row(layer, layer.layer === first))}</tbody>
      </table>
      <p class="assumptions">${say(text.assumptions, { share: f.percent(reuse) })}</p>
      ${broken.map(({ layer, used }) => html`<p class="note ${used! > 1 ? '' : 'plain'}">${say(text.symptomAndFix, {
        layer: text.layers[layer].name, symptom: text.layers[layer].symptom, fix: text.layers[layer].fix,
      })}</p>`)}`;
  }

  function row({ layer, need, capacity, used, capacityFrom }: LayerUse, isFirst: boolean): TemplateResult {
    const { name } = text.layers[layer];
    const unit = UNITS[layer];
    const written = (x: number) => `${f.number(x, 3)}${unit ? `\u00a0${units[unit]}` : ''}`;
    const unknown = { unlimited: text.unlimited, unknown: text.unknown, given: '–', preset: '–' }[capacityFrom];
    return html`<tr class=${isFirst ? 'first' : ''}><th scope="row"><span class="layer"><span>${name}${isFirst ? html` <span class="tag">${text.firstTag}</span>` : nothing}</span>
        ${used === null ? nothing : html`<svg class="use" width="100%" height="10" preserveAspectRatio="none" viewBox="0 0 100 10" aria-hidden="true">
          <rect class="track" width="100" height="10" /><rect class=${used > 1 ? 'over' : 'mean'} width=${Math.min(100, Math.max(0.7, 100 * used))} height="10" /></svg>`}</span></th>
      <td>${written(need)}</td><td class=${capacity === null ? 'quiet' : ''}>${capacity === null ? unknown : written(capacity)}</td>
      <td class=${used !== null && used > 1 ? 'bad' : ''}>${used === null ? '–' : f.percent(used)}</td></tr>`;
  }

  function pool({ pool: p }: Limits): TemplateResult {
    const setup = p.setup;
    const total: RoundTrips = [setup.proxyTcp, setup.proxyTls, setup.tunnel, setup.originTcp, setup.originTls]
      .reduce((a, b) => ({ toProxy: a.toProxy + b.toProxy, toOrigin: a.toOrigin + b.toOrigin }));
    const rows: readonly (readonly [string, (r: Reuse) => string])[] = [
      [text.pool.share, (r) => f.percent(r.share)],
      [text.pool.requests, (r) => (r.requestsPerConnection === null ? text.all : f.number(r.requestsPerConnection, 3))],
      [text.pool.opened, (r) => f.number(r.openedPerSecond, 3)],
      [text.pool.saved, (r) => f.time(r.savedTime)],
      [text.pool.open, (r) => f.number(r.open, 3)],
      [text.pool.idle, (r) => f.number(r.idle, 3)],
    ];
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${text.poolHeading}><table part="table"><thead><tr><td></td><th scope="col">${text.poolColumns.stated}</th><th scope="col">${say(text.poolColumns.kept, { time: f.time(p.keptFor) })}</th></tr></thead>
        <tbody>${rows.map(([label, cell]) => html`<tr><th scope="row">${label}</th><td>${cell(p.stated)}</td><td>${cell(p.kept)}</td></tr>`)}
          <tr><th scope="row">${text.pool.stale}</th><td>–</td><td>${f.percent(p.staleShare)}</td></tr></tbody></table></div>
      <p class="assumptions">${say(text.setup, {
        toProxy: f.exact(total.toProxy), toOrigin: f.exact(total.toOrigin), time: f.time(p.firstSetupTime), cold: f.time(p.coldTime), warm: f.time(p.warmTime),
      })}</p>
      ${p.rotation ? html`<p class="note plain">${say(text.rotation, {
        count: p.rotation.requestsPerIp, share: f.percent(p.rotation.largestReuse), ips: f.number(p.rotation.ipsPerSecond, 3),
      })} ${p.rotation.keptKeeps ? text.rotationKept : text.rotationBroken}</p>` : nothing}`;
  }

  function runtime({ runtime: needs }: Limits): TemplateResult {
    const mib = (x: number): string => (x === 0 ? '–' : x >= 1024 ? `${f.number(x / 1024, 3)}\u00a0${units.GiB}` : `${f.number(x, 3)}\u00a0${units.MiB}`);
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${text.waitingHeading}><table part="table"><thead><tr><th scope="col">${say(text.waitingColumns.waiter, { count: f.number(needs[0]?.waiting ?? 0, 3) })}</th>
        ${[text.waitingColumns.memory, text.waitingColumns.reserved, text.waitingColumns.files].map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
      <tbody>${needs.map((need) => html`<tr class=${need.chosen ? 'chosen' : ''}><th scope="row">${text.waiters[need.waiter]}${need.chosen ? html` <span class="tag">${text.yours}</span>` : nothing}</th>
        <td>${mib(need.resident)}</td><td>${mib(need.reserved)}</td><td>${f.number(need.descriptors, 3)}</td></tr>`)}</tbody></table></div>
      <p class="assumptions">${text.waitingNote}</p>`;
  }

  function sources({ layers, pool: p, runtime: needs }: Limits): unknown {
    const used: (readonly [string, Preset])[] = [
      ...layers.flatMap(({ layer, preset }) => (preset ? [[text.layers[layer].name, preset] as const] : [])),
      ...(p.libraryIdleTime ? [[text.idleTimeOf, p.libraryIdleTime] as const] : []),
      ...needs.filter(({ chosen }) => chosen).map(({ waiter, each }) => [say(text.memoryOf, { waiter: text.waiters[waiter] }), each] as const),
    ];
    return html`<details class="more-of"><summary>${text.sources}</summary><dl class="sources">${used.map(([name, { value, source, date, evidence }]) => html`
      <dt>${say(text.sourceValue, { name, value: value === null ? text.none : f.number(value, 6) })}</dt><dd>${say(text.source[evidence], { source, date })}</dd>`)}</dl></details>`;
  }
}
