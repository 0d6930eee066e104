/** A program that keeps to the cap, for each client; and what the settings of a client let through. */
import type { TemplateResult } from 'lit/html.js';
import { snippet } from '../advice.js';
import { copyButton, own, type Local } from '../local.js';
import type { PanelInput } from '../panel.js';
import type { Caps, Client, Snippet } from '../types.js';
import { settings } from './settings.js';

export { ready } from '../advice.js';

export const CLIENTS: Record<Client, string> = {
  requests: 'requests',
  aiohttp: 'aiohttp',
  httpx: 'httpx',
  scrapy: 'Scrapy',
  undici: 'undici',
  'node-fetch': 'fetch',
  go: 'Go',
  reqwest: 'reqwest',
  curl: 'curl',
  playwright: 'Playwright',
  haproxy: 'HAProxy',
};

const CAPS: Record<Caps, string> = {
  'open-connections': 'connections open at the proxy, idle ones too',
  'requests-in-flight': 'requests in flight; connections that are being closed come on top',
};

/** Stand where nothing is typed. */
const EXAMPLE = { proxyUrl: 'http://user:pass@proxy.example:8080', url: 'https://example.com/' };

interface Configure extends Local {
  client?: Client;
  /** Of the settings that are checked. */
  settings?: Local;
}

export function render(input: PanelInput): TemplateResult {
  const { lit: { html, nothing, live }, report: { sizing }, scenario, format: f, update } = input;
  const local = input.local as unknown as Configure;
  // A plan may count what a client cannot hold back, such as idle connections; what is in flight it always can.
  const cap = String(scenario.cap ?? Math.max(1, sizing.inFlightRequired ?? sizing.required));
  const client = local.client ?? (scenario as { clientLibrary?: Client }).clientLibrary ?? 'requests';
  const balances = client === 'haproxy';
  const fields = own(input, local, [
    { name: 'proxyUrl', label: 'Proxy URL', hint: 'stays on this page', placeholder: EXAMPLE.proxyUrl },
    { name: 'cap', label: 'Connections', hint: 'at most', kind: 'number', placeholder: cap },
    { name: 'urls', label: 'Destinations', hint: 'one per line', kind: 'lines', placeholder: EXAMPLE.url },
    ...(balances ? [
      { name: 'upstreams', label: 'Further plans or credentials', hint: 'URL and cap, one per line', kind: 'lines' as const },
      { name: 'localPort', label: 'Local port', hint: 'for your clients', kind: 'number' as const, placeholder: '3128' },
    ] : []),
  ]);
  const urls = (fields.text('urls') ?? EXAMPLE.url).split(/\s+/).filter(Boolean);
  const s = fields.ask(snippet, {
    client, cap: fields.number('cap') ?? Number(cap), proxyUrl: fields.text('proxyUrl') ?? EXAMPLE.proxyUrl, urls,
    ...(balances ? { upstreams: upstreams(fields.text('upstreams')), localPort: fields.number('localPort') ?? 3128 } : {}),
  });
  return html`<form class="fields" aria-label="For the program" autocomplete="off" @submit=${(e: Event) => e.preventDefault()}>${fields.rows()}</form>
    <fieldset class="segments clients"><legend class="sr">Client</legend>
      <div class="box">${Object.entries(CLIENTS).map(([value, text]) => html`<label><input type="radio" name="client" value=${value}
        .checked=${live(value === client)} @change=${() => choose(value as Client)}><span>${text}</span></label>`)}</div>
    </fieldset>
    ${s ? html`<div class="program" ?data-stale=${fields.wrong}>${program(s, input, local)}</div>` : nothing}
    ${settings(input, (local.settings ??= {}), client, Number(cap))}`;

  function choose(other: Client): void {
    local.client = other;
    // Another client's program is no last good one of this.
    local.good = undefined;
    update();
  }

  function upstreams(text: string | undefined): unknown {
    return (text ?? '').split('\n').map((line) => line.trim()).filter(Boolean).map((line) => {
      const [proxyUrl, each] = line.split(/\s+/);
      return { proxyUrl, cap: each === undefined ? Number(cap) : (input.parse(each) ?? each) };
    });
  }

  function program({ files, install, run, versions, caps, notCapped, promisedConnections }: Snippet, input: PanelInput, local: Configure): TemplateResult {
    return html`${files.map(({ name, text }, i) => html`<figure class="file">
        <figcaption><code>${name}</code></figcaption>
        <pre tabindex="0" role="region" aria-label=${name}><code id="code-${i}">${text}</code></pre>
      </figure>
      <p class="below">${i === 0 ? html`<span>${versions}</span>` : nothing} ${copyButton(input, local, `code-${i}`, name)}</p>`)}
      ${install || run
        ? html`<dl class="run">${install ? html`<dt>Needs</dt><dd><code>${install}</code></dd>` : nothing}
            ${run ? html`<dt>Run</dt><dd><code>${run}</code></dd>` : nothing}</dl>`
        : nothing}
      <p class="note"><strong>At most ${f.exact(promisedConnections)} ${CAPS[caps]}.</strong> ${notCapped}</p>`;
  }
}
