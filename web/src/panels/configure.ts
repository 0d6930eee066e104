/** A program that keeps to the cap, for each client; and what the settings of a client let through. */
import type { TemplateResult } from 'lit/html.js';
import english from 'words:configure';
import { snippet } from '../advice.js';
import { copyButton, own, type Local } from '../local.js';
import type { PanelInput } from '../panel.js';
import type { Client, Snippet } from '../types.js';
import { settings } from './settings.js';

export { ready } from '../advice.js';

/** Names, which are the same in every language. */
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

/** Stand where nothing is typed. */
const EXAMPLE = { proxyUrl: 'http://user:pass@proxy.example:8080', url: 'https://example.com/' };

interface Configure extends Local {
  client?: Client;
  /** Of the settings that are checked. */
  settings?: Local;
}

export function render(input: PanelInput): TemplateResult {
  const { lit: { html, nothing, live }, words, say, report: { sizing }, scenario, update } = input;
  const text = words('configure', english);
  const local = input.local as unknown as Configure;
  // A plan may count what a client cannot hold back, such as idle connections; what is in flight it always can.
  const cap = String(scenario.cap ?? Math.max(1, sizing.inFlightRequired ?? sizing.required));
  const client = local.client ?? (scenario as { clientLibrary?: Client }).clientLibrary ?? 'requests';
  const balances = client === 'haproxy';
  const fields = own(input, local, text.fields, [
    { name: 'proxyUrl', placeholder: EXAMPLE.proxyUrl },
    { name: 'cap', kind: 'number', placeholder: cap },
    { name: 'urls', kind: 'lines', placeholder: EXAMPLE.url },
    ...(balances ? [
      { name: 'upstreams', kind: 'lines' as const },
      { name: 'localPort', kind: 'number' as const, placeholder: '3128' },
    ] : []),
  ]);
  const urls = (fields.text('urls') ?? EXAMPLE.url).split(/\s+/).filter(Boolean);
  const s = fields.ask(snippet, {
    client, cap: fields.number('cap') ?? Number(cap), proxyUrl: fields.text('proxyUrl') ?? EXAMPLE.proxyUrl, urls,
    ...(balances ? { upstreams: upstreams(fields.text('upstreams')), localPort: fields.number('localPort') ?? 3128 } : {}),
  });
  return html`<form class="fields" aria-label=${text.form} autocomplete="off" @submit=${(e: Event) => e.preventDefault()}>${fields.rows()}</form>
    <fieldset class="segments clients"><legend class="sr">${text.client}</legend>
      <div class="box">${Object.entries(CLIENTS).map(([value, name]) => html`<label><input type="radio" name="client" value=${value}
        .checked=${live(value === client)} @change=${() => choose(value as Client)}><span>${name}</span></label>`)}</div>
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

  function program({ files, install, run, caps, promisedConnections }: Snippet, input: PanelInput, local: Configure): TemplateResult {
    return html`${files.map(({ name, text: code }, i) => html`<figure class="file">
        <figcaption><code>${name}</code></figcaption>
        <pre tabindex="0" role="region" aria-label=${name}><code id="code-${i}">${code}</code></pre>
      </figure>
      <p class="below">${i === 0 ? html`<span>${text.versions[client]}</span>` : nothing} ${copyButton(input, local, `code-${i}`, name)}</p>`)}
      ${install || run
        ? html`<dl class="run">${install ? html`<dt>${text.needs}</dt><dd><code>${install}</code></dd>` : nothing}
            ${run ? html`<dt>${text.run}</dt><dd><code>${run}</code></dd>` : nothing}</dl>`
        : nothing}
      <p class="note">${say(caps === 'open-connections' ? text.capsConnections : text.capsRequests, { count: promisedConnections })} ${text.notCapped[client]}</p>`;
  }
}
