/** What breaks first: each layer from the plan outwards, what keeping connections open buys, and what waiting takes. */
import type { TemplateResult } from 'lit/html.js';
import { limits } from '../advice.js';
import { defaults, form } from '../environment.js';
import type { PanelInput } from '../panel.js';
import type { Layer, LayerUse, Limits, Preset, Reuse, RoundTrips, Waiter } from '../types.js';

export { brings, ready } from '../advice.js';
export const ask = limits;

interface LayerWords {
  name: string;
  /** What its numbers count. */
  unit?: string;
  symptom: string;
  fix: string;
}

export const LAYERS: Record<Layer, LayerWords> = {
  plan: {
    name: 'Plan',
    symptom: 'The proxy refuses what goes over (429, 503, 407 or a reset) or lets it wait.',
    fix: 'A larger plan, credentials that each have a cap, or shorter responses.',
  },
  'client-library': {
    name: 'Client library',
    symptom: 'Requests wait inside the client while the proxy has room: response times grow and no error is seen.',
    fix: 'Raise its limit to what you need; Configure has the setting.',
  },
  'file-descriptors': {
    name: 'File descriptors',
    symptom: '“Too many open files” (EMFILE), on new connections and on anything else that opens a file.',
    fix: 'ulimit -n in the shell, LimitNOFILE= in a systemd unit, or several processes.',
  },
  'ephemeral-ports': {
    name: 'Ephemeral ports',
    symptom: '“Cannot assign requested address” (EADDRNOTAVAIL) on connecting, while the proxy is well.',
    fix: 'Keep connections open and use them again; spread over more proxy endpoints; widen net.ipv4.ip_local_port_range.',
  },
  'connection-tracking': {
    name: 'Connection tracking',
    symptom: 'New connections hang; the firewall logs “nf_conntrack: table full, dropping packet”.',
    fix: 'Raise net.netfilter.nf_conntrack_max, use connections again, or leave this traffic untracked.',
  },
  destination: {
    name: 'Each destination',
    symptom: 'The destination answers 429 or 403, or resets, while the proxy is well.',
    fix: 'More exit IPs, or fewer requests to it at once.',
  },
  bandwidth: {
    name: 'Bandwidth',
    unit: 'Mbit/s',
    symptom: 'All responses slow down together, and slower responses need more connections.',
    fix: 'Ask for compressed or smaller responses, or take a faster line.',
  },
  memory: {
    name: 'Memory',
    unit: 'MiB',
    symptom: 'The process swaps, or is killed.',
    fix: 'Read responses piece by piece, wait in an event loop, or add memory.',
  },
};

const WAITERS: Record<Waiter, string> = {
  'python-thread': 'Python threads',
  'java-thread': 'Java threads',
  goroutine: 'goroutines',
  'asyncio-task': 'event loop tasks',
  'python-process': 'Python processes',
};

const NONE = { unlimited: 'no limit', unknown: 'not given', given: '–', preset: '–' };

export function render(input: PanelInput): TemplateResult {
  const { lit: { html, nothing }, format: f } = input;
  const answer = input.answer as Limits | undefined;
  const preset = (name: Layer) => answer?.layers.find(({ layer }) => layer === name)?.preset?.value ?? null;
  const placeholders = defaults(input, {
    'file-descriptors': preset('file-descriptors'), 'tracked-connections': preset('connection-tracking'), 'client-limit': preset('client-library'),
  });
  return html`${form(input, 'Where it runs', ['operating-system', 'client-library', 'file-descriptors', 'client-limit', 'response-size', 'bandwidth',
      'destination-limit', 'exit-ips', 'memory'],
    ['proxy-round-trip', 'origin-round-trip', 'tls-version', 'proxy-idle-timeout', 'requests-per-ip', 'concurrency-model', 'proxy-endpoints', 'ephemeral-ports',
      'time-wait', 'tracked-connections'], placeholders)}
    ${answer ? html`<div>${waterfall(answer)}
      <div class="halves"><div><h3>What keeping connections open buys</h3>${pool(answer)}</div>
        <div><h3>What waiting takes</h3>${runtime(answer)}</div></div>
      ${sources(answer)}</div>` : nothing}`;

  function waterfall({ layers, first, fits, reuse }: Limits): TemplateResult {
    const over = layers.filter(({ used }) => used !== null && used > 1);
    const fullest = layers.find(({ layer }) => layer === first);
    const broken = over.length > 0 ? over : fullest ? [fullest] : [];
    const most = fullest ? LAYERS[fullest.layer].name : '';
    const rate = fullest?.fullAtPerSecond ?? null;
    return html`<h3>What breaks first</h3>
      <p class="verdict" role="status">${!fullest ? html`No limit is known.`
        : html`<strong class=${fits ? '' : 'bad'}>${fits ? 'It fits, as far as is known.' : 'Not all of it fits.'}</strong> First to break: <strong>${most}</strong>${rate === null
          ? '' : `, full at ${f.number(rate, 3)} requests/s`}.`}</p>
      <table part="table" class="layers">
        <caption class="sr">Layers between the client and its destinations, with headroom</caption>
        <thead><tr><th scope="col">Layer</th><th scope="col">Needs</th><th scope="col">Has</th><th scope="col">Used</th></tr></thead>
        <tbody>${layers.map((layer) => row(layer, layer.layer === first))}</tbody>
      </table>
      <p class="assumptions">Your load, with headroom. From the file descriptors on, idle connections count as well; ${f.percent(reuse)} of the requests find one open.</p>
      ${broken.map(({ layer, used }) => html`<p class="note ${used! > 1 ? '' : 'plain'}"><strong>${LAYERS[layer].name}.</strong> ${LAYERS[layer].symptom}
        <strong>What helps:</strong> ${LAYERS[layer].fix}</p>`)}`;
  }

  function row({ layer, need, capacity, used, capacityFrom }: LayerUse, isFirst: boolean): TemplateResult {
    const { name, unit = '' } = LAYERS[layer];
    const written = (x: number) => `${f.number(x, 3)}${unit && `\u00a0${unit}`}`;
    return html`<tr class=${isFirst ? 'first' : ''}><th scope="row"><span class="layer"><span>${name}${isFirst ? html` <span class="tag">first to break</span>` : nothing}</span>
        ${used === null ? nothing : html`<svg class="use" width="100%" height="10" preserveAspectRatio="none" viewBox="0 0 100 10" aria-hidden="true">
          <rect class="track" width="100" height="10" /><rect class=${used > 1 ? 'over' : 'mean'} width=${Math.min(100, Math.max(0.7, 100 * used))} height="10" /></svg>`}</span></th>
      <td>${written(need)}</td><td class=${capacity === null ? 'quiet' : ''}>${capacity === null ? NONE[capacityFrom] : written(capacity)}</td>
      <td class=${used !== null && used > 1 ? 'bad' : ''}>${used === null ? '–' : f.percent(used)}</td></tr>`;
  }

  function pool({ pool: p }: Limits): TemplateResult {
    const trips = ({ toProxy, toOrigin }: RoundTrips): string => `${toProxy} + ${toOrigin}`;
    const setup = p.setup;
    const total: RoundTrips = [setup.proxyTcp, setup.proxyTls, setup.tunnel, setup.originTcp, setup.originTls]
      .reduce((a, b) => ({ toProxy: a.toProxy + b.toProxy, toOrigin: a.toOrigin + b.toOrigin }));
    const rows: readonly (readonly [string, (r: Reuse) => string])[] = [
      ['Find a connection open', (r) => f.percent(r.share)],
      ['Requests per connection', (r) => (r.requestsPerConnection === null ? 'all' : f.number(r.requestsPerConnection, 3))],
      ['Opened per second', (r) => f.number(r.openedPerSecond, 3)],
      ['Saved per request', (r) => f.time(r.savedTime)],
      ['Open, on average', (r) => f.number(r.open, 3)],
      ['Idle among them', (r) => f.number(r.idle, 3)],
    ];
    return html`<table part="table"><thead><tr><th scope="col"></th><th scope="col">As you say</th><th scope="col">Kept ${f.time(p.keptFor)}</th></tr></thead>
        <tbody>${rows.map(([label, cell]) => html`<tr><th scope="row">${label}</th><td>${cell(p.stated)}</td><td>${cell(p.kept)}</td></tr>`)}
          <tr><th scope="row">Given a stale one</th><td>–</td><td>${f.percent(p.staleShare)}</td></tr></tbody></table>
      <p class="assumptions">A new connection takes ${trips(total)} round trips (to the proxy + beyond), ${f.time(p.firstSetupTime)}. First byte: ${f.time(p.coldTime)} on a
        new one, ${f.time(p.warmTime)} on an open one, before the destination has thought.</p>
      ${p.rotation ? html`<p class="note plain">For ${f.exact(p.rotation.requestsPerIp)} requests an IP, at most ${f.percent(p.rotation.largestReuse)} may find a
        connection open: ${f.number(p.rotation.ipsPerSecond, 3)} IPs a second. ${p.rotation.keptKeeps ? 'Keeping connections keeps to that.'
          : 'Keeping connections as long as you do stays on one IP for longer.'}</p>` : nothing}`;
  }

  function runtime({ runtime: needs }: Limits): TemplateResult {
    const mib = (x: number): string => (x === 0 ? '–' : x >= 1024 ? `${f.number(x / 1024, 3)}\u00a0GiB` : `${f.number(x, 3)}\u00a0MiB`);
    return html`<table part="table"><thead><tr><th scope="col">${f.number(needs[0]?.waiting ?? 0, 3)} wait as</th><th scope="col">Memory</th><th scope="col">Reserved</th>
        <th scope="col">Files</th></tr></thead>
      <tbody>${needs.map((need) => html`<tr class=${need.chosen ? 'chosen' : ''}><th scope="row">${WAITERS[need.waiter]}${need.chosen ? html` <span class="tag">yours</span>` : nothing}</th>
        <td>${mib(need.resident)}</td><td>${mib(need.reserved)}</td><td>${f.number(need.descriptors, 3)}</td></tr>`)}</tbody></table>
      <p class="assumptions">Memory that is really used, with the kernel’s part of the sockets and without the responses. Reserved address space costs nothing until it is used.</p>`;
  }

  function sources({ layers, pool: p, runtime: needs }: Limits): unknown {
    const used: (readonly [string, Preset])[] = [
      ...layers.flatMap(({ layer, preset }) => (preset ? [[LAYERS[layer].name, preset] as const] : [])),
      ...(p.libraryIdleTime ? [['Idle time of the client library', p.libraryIdleTime] as const] : []),
      ...needs.filter(({ chosen }) => chosen).map(({ waiter, each }) => [`Memory of ${WAITERS[waiter]}`, each] as const),
    ];
    return html`<details class="more-of"><summary>Where the defaults come from</summary><dl class="sources">${used.map(([name, { value, source, date, evidence }]) => html`
      <dt>${name}: ${value === null ? 'none' : f.number(value, 6)}</dt><dd>${source} (${evidence === 'measured' ? 'measured' : evidence === 'documented' ? 'documented' : 'read in the source'},
        ${date})</dd>`)}</dl></details>`;
  }
}
