/** The reverse of a program: what the settings of a client let through to the proxy. */
import type { TemplateResult } from 'lit/html.js';
import { effective } from '../advice.js';
import { own, type Local, type OwnField } from '../local.js';
import type { PanelInput } from '../panel.js';
import type { Client, Effective, Library, Reason } from '../types.js';

const LIBRARIES: Record<Library, string> = {
  requests: 'requests', aiohttp: 'aiohttp', httpx: 'httpx', scrapy: 'Scrapy', undici: 'undici ProxyAgent', 'node-fetch': 'fetch of Node.js',
  'node-http': 'http.Agent, axios with proxy', axios: 'axios with https-proxy-agent', go: 'Go net/http', reqwest: 'reqwest', java: 'Java HttpClient',
  curl: 'curl --parallel', libcurl: 'libcurl multi', playwright: 'Playwright, Chromium', haproxy: 'HAProxy, mode tcp',
};

/** What each library calls its limits, by the core's name. */
const SETTINGS: Record<Library, Readonly<Record<string, string>>> = {
  requests: { poolMaxsize: 'pool_maxsize', poolBlock: 'pool_block' },
  aiohttp: { limit: 'limit', limitPerHost: 'limit_per_host' },
  httpx: { maxConnections: 'max_connections', maxIdle: 'max_keepalive_connections' },
  scrapy: { concurrentRequests: 'CONCURRENT_REQUESTS', concurrentRequestsPerDomain: '…_PER_DOMAIN' },
  undici: { connections: 'connections', proxyTunnel: 'proxyTunnel' },
  'node-fetch': {},
  'node-http': { maxSockets: 'maxSockets', maxTotalSockets: 'maxTotalSockets' },
  axios: { maxSockets: 'maxSockets', maxTotalSockets: 'maxTotalSockets' },
  go: { maxConnsPerHost: 'MaxConnsPerHost', maxIdle: 'MaxIdleConnsPerHost' },
  reqwest: { maxIdle: 'pool_max_idle_per_host' },
  java: {},
  curl: { parallelMax: '--parallel-max' },
  libcurl: { maxHostConnections: 'MAX_HOST_CONNECTIONS', maxTotalConnections: 'MAX_TOTAL_CONNECTIONS' },
  playwright: { maxConnections: 'MaxConnectionsPerProxy' },
  haproxy: { maxconn: 'maxconn' },
};
const WITHOUT_HTTP2: readonly Library[] = ['requests', 'aiohttp', 'scrapy', 'node-http', 'axios', 'haproxy'];
const SWITCHES = ['poolBlock', 'proxyTunnel', 'forceClose', 'http2'];

const REASONS: Record<Reason, string> = {
  'no-limit': 'Nothing caps them: each request in flight has a connection of its own.',
  'limit-without-effect': 'The limit that is set does not cap open connections here: it counts idle ones only, or is not applied to these requests.',
  total: 'One limit counts all open connections.',
  'in-flight': 'Requests in flight are capped, and connections do not pile up behind them.',
  'idle-kept': 'Requests in flight are capped, but idle connections to other origins stay open.',
  'per-origin': 'The limit holds for each origin by itself, and they add up.',
  requests: 'There are no more requests than that.',
};

export function settings(input: PanelInput, local: Local, client: Client, cap: number): TemplateResult {
  const { lit: { html, nothing }, format: f } = input;
  const library = (local.texts?.['client'] as Library | undefined) ?? client;
  const yes = [['false', 'no'], ['true', 'yes']] as const;
  const field = (name: string, label: string, hint = ''): OwnField => (SWITCHES.includes(name)
    ? { name, label, kind: 'choice', options: yes } : { name, label, hint, kind: 'number', placeholder: { httpsOrigins: '1', httpOrigins: '0', instances: '1' }[name] ?? '' });
  const named = [
    ...Object.entries(SETTINGS[library]).map(([name, label]) => field(name, label)),
    field('workers', 'Threads or tasks', 'at most'), field('httpsOrigins', 'https:// hosts'), field('httpOrigins', 'http:// hosts'),
    field('instances', 'Copies of it', 'processes'), field('forceClose', 'Closes each time'),
    ...(WITHOUT_HTTP2.includes(library) ? [] : [field('http2', 'HTTP/2 inside')]),
  ];
  const libraries = Object.entries(LIBRARIES);
  const first = libraries.filter(([value]) => value === library);
  const fields = own(input, local, [
    { name: 'client', label: 'Client', kind: 'choice', options: [...first, ...libraries.filter(([value]) => value !== library)] }, ...named,
  ]);
  const record: Record<string, unknown> = { client: library };
  for (const { name } of named) {
    const given = SWITCHES.includes(name) ? fields.text(name) === 'true' || undefined : fields.number(name);
    if (given !== undefined) record[name] = given;
  }
  const e = fields.ask<Effective>(effective as never, record);
  return html`<details class="more-of settings" ?open=${(local.opened ||= fields.wrong)}><summary>Check settings that you have</summary>
    <form class="own" aria-label="Settings that you have" autocomplete="off" @submit=${(event: Event) => event.preventDefault()}><div class="fields narrow">${fields.rows()}</div></form>
    ${e ? html`<div ?data-stale=${fields.wrong}><p class="verdict" data-say><strong data-sockets=${e.sockets ?? 'none'} class=${e.sockets === null || e.sockets > cap ? 'bad' : ''}>${e.sockets === null
        ? 'No cap on connections' : `Up to ${f.exact(e.sockets)} ${e.sockets === 1 ? 'connection' : 'connections'}`}</strong> at the proxy, ${e.inFlight === null
          ? 'and none on requests in flight' : `${f.exact(e.inFlight)} in flight`}.</p>
      <p class="said">${REASONS[e.reason]}${e.closing > 0 ? ` For moments ${f.exact(e.closing)} more are seen there, while old ones close.` : ''}
        ${e.sockets === null || e.sockets > cap ? html`<strong>${f.exact(cap)} would not hold that.</strong>` : nothing}</p></div>` : nothing}
  </details>`;
}
