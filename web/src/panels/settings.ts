/** The reverse of a program: what the settings of a client let through to the proxy. */
import type { TemplateResult } from 'lit/html.js';
import english from 'words:settings';
import { effective } from '../advice.js';
import { own, type Local, type OwnField } from '../local.js';
import type { FieldTexts } from '../messages.js';
import type { PanelInput } from '../panel.js';
import type { Client, Effective, Library } from '../types.js';

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

export function settings(input: PanelInput, local: Local, client: Client, cap: number): TemplateResult {
  const { lit: { html, nothing }, words, say, format: f } = input;
  const text = words('settings', english);
  const library = (local.texts?.['client'] as Library | undefined) ?? client;
  const field = (name: string, label = name): OwnField => (SWITCHES.includes(name)
    ? { name, label, kind: 'choice', options: ['false', 'true'] }
    : { name, label, kind: 'number', placeholder: { httpsOrigins: '1', httpOrigins: '0', instances: '1' }[name] ?? '' });
  const yesOrNo = { false: text.no, true: text.yes };
  const said: FieldTexts = {
    ...text.fields, client: { ...text.fields.client, options: text.libraries },
    ...Object.fromEntries(SWITCHES.map(input.kebab).map((name) => [name, { ...(text.fields as FieldTexts)[name], options: yesOrNo }])),
  };
  const named = [
    ...Object.entries(SETTINGS[library]).map(([name, label]) => field(name, label)),
    ...['workers', 'httpsOrigins', 'httpOrigins', 'instances', 'forceClose', ...(WITHOUT_HTTP2.includes(library) ? [] : ['http2'])].map((name) => field(name)),
  ];
  const others = Object.keys(text.libraries).filter((name) => name !== library);
  const fields = own(input, local, said, [{ name: 'client', kind: 'choice', options: [library, ...others] }, ...named]);
  const record: Record<string, unknown> = { client: library };
  for (const { name } of named) {
    const given = SWITCHES.includes(name) ? fields.text(name) === 'true' || undefined : fields.number(name);
    if (given !== undefined) record[name] = given;
  }
  const e = fields.ask<Effective>(effective as never, record);
  return html`<details class="more-of settings" ?open=${(local.opened ||= fields.wrong)}><summary>${text.summary}</summary>
    <form class="own" aria-label=${text.form} autocomplete="off" @submit=${(event: Event) => event.preventDefault()}><div class="fields narrow">${fields.rows()}</div></form>
    ${e ? html`<div ?data-stale=${fields.wrong}><p class="verdict" data-say>${verdict(e)}</p>
      <p class="said">${text.reasons[e.reason]} ${e.closing > 0 ? say(text.closing, { count: e.closing }) : nothing}
        ${over(e) ? say(text.tooMany, { cap: f.exact(cap) }) : nothing}</p></div>` : nothing}
  </details>`;

  function over({ sockets }: Effective): boolean {
    return sockets === null || sockets > cap;
  }

  function verdict(e: Effective): unknown {
    const v = (words: unknown): TemplateResult => html`<strong data-sockets=${e.sockets ?? 'none'} class=${over(e) ? 'bad' : ''}>${words}</strong>`;
    if (e.sockets === null) return e.inFlight === null ? say(text.noCaps, { v }) : say(text.noCapInFlight, { v, inFlight: f.exact(e.inFlight) });
    return e.inFlight === null ? say(text.sockets, { v, count: e.sockets }) : say(text.socketsInFlight, { v, count: e.sockets, inFlight: f.exact(e.inFlight) });
  }
}
