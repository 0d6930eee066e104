/** What the same requests cost in connections over HTTP/1.1 and HTTP/2. */
import type { TemplateResult } from 'lit/html.js';
import type { PanelInput } from '../panel.js';
import type { Accounting, HeadOfLine } from '../types.js';

/** Lines that stand for connections: more than these are drawn as these. */
const MOST_LINES = 8;

const HEAD_OF_LINE: Record<HeadOfLine, string> = {
  connection: 'per connection',
  tunnel: 'per tunnel',
  'tcp-of-tunnel': 'TCP, per tunnel',
  'tcp-to-proxy': 'TCP, all tunnels',
  'tcp-of-client-leg': 'TCP, client’s leg',
  'tcp-of-both-legs': 'TCP, each leg',
};

export function render(input: PanelInput): TemplateResult {
  const { lit: { html, nothing }, report, format: f, width } = input;
  const { http1, http2 } = report.comparison;
  return html`${width >= 240 ? html`${drawing('HTTP/1.1', http1.warm, input)} ${drawing('HTTP/2', http2.warm, input)}` : nothing}
    ${http2.warm.httpVersion === '1.1'
      ? html`<p class="note plain">http:// through a forward proxy is always HTTP/1.1: asking for HTTP/2 changes nothing here.</p>`
      : nothing}
    ${table(input)}
    ${http2.cold.clientToProxyTcp > http2.cold.fewestClientToProxyTcp
      ? html`<p class="note"><strong>A cold burst is another matter.</strong> Before the first connection has agreed on HTTP/2, a client
          may open one for each request: up to ${f.exact(http2.cold.clientToProxyTcp)} instead of
          ${f.exact(http2.cold.fewestClientToProxyTcp)}. Send one request first, or use a client that waits.</p>`
      : nothing}`;
}

function drawing(name: string, a: Accounting, { lit: { html, svg }, format: f, width }: PanelInput): TemplateResult {
  const [w, h, boxes] = [width, 92, Math.min(96, Math.max(64, width * 0.2))];
  const at = [2, (w - boxes) / 2, w - boxes - 2];
  const multiplexed = a.httpVersion === '2';
  const leg = (from: number, to: number, count: number, thick: boolean) => {
    const drawn = Math.min(count, MOST_LINES);
    return Array.from({ length: drawn }, (_, i) => {
      // Few lines lie close to the middle, many fill the box.
      const gap = Math.min(16, 44 / Math.max(drawn - 1, 1));
      const y = 62 + (i - (drawn - 1) / 2) * gap;
      return svg`<line class=${thick ? 'leg streams' : 'leg'} x1=${from} x2=${to} y1=${y} y2=${y} />`;
    });
  };
  const h2Proxy = a.headOfLine === 'tcp-to-proxy';
  const streams = multiplexed || h2Proxy;
  const clientLabel = `${name}: ${f.exact(a.clientToProxyTcp)} TCP${streams ? `, ${f.exact(a.streams)} streams` : ''}`;
  const originLabel = `${f.exact(a.proxyToOriginTcp)} TCP${a.maxStreamsOnOneConnection > 0 ? '' : streams ? ' (HTTP/1.1)' : ''}`;
  const middle = (i: number) => (at[i]! + boxes + at[i + 1]!) / 2;
  const box = (i: number, label: string, first: boolean) => svg`
    <rect class=${first ? 'box client' : 'box'} x=${at[i]} y="34" width=${boxes} height="56" rx="8" />
    <text class="strong" x=${at[i]! + boxes / 2} y="66" text-anchor="middle">${label}</text>`;
  return html`<svg class="drawing" width=${w} height=${h} viewBox="0 0 ${w} ${h}" role="img"
    aria-label="${clientLabel} from client to proxy, ${originLabel} from proxy to origin">
    ${leg(at[0]! + boxes, at[1]!, a.clientToProxyTcp, streams)}
    ${leg(at[1]! + boxes, at[2]!, a.proxyToOriginTcp, a.maxStreamsOnOneConnection > 0)}
    <text class="strong" x=${middle(0)} y="18" text-anchor="middle">${width < 480 ? `${f.exact(a.clientToProxyTcp)} TCP` : clientLabel}</text>
    <text class="strong" x=${middle(1)} y="18" text-anchor="middle">${width < 480 ? `${f.exact(a.proxyToOriginTcp)} TCP` : originLabel}</text>
    ${box(0, width < 480 ? name : 'client', true)} ${box(1, 'proxy', false)} ${box(2, 'origin', false)}
  </svg>`;
}

function table({ lit: { html }, report: { comparison: { http1, http2 } }, format: f }: PanelInput): TemplateResult {
  const columns = [http1.warm, http2.warm, http2.cold];
  /** A cell: a count, or words. */
  type Cell = number | string | null;
  const rows: readonly (readonly [string, (a: Accounting) => Cell])[] = [
    ['TCP connections, client → proxy', (a) => a.clientToProxyTcp],
    ['TCP connections, proxy → origin', (a) => a.proxyToOriginTcp],
    ['HTTP/2 streams', (a) => a.streams],
    ...(http2.warm.requestsWaiting > 0 ? [['Requests that wait for a stream', (a: Accounting) => a.requestsWaiting] as const] : []),
    ['TLS handshakes with the proxy', (a) => a.proxyTlsHandshakes],
    ['TLS handshakes with the origin', (a) => a.originTlsHandshakes],
    ['Counts against a per-connection plan', (a) => a.charged.openConnections],
    ['Counts against a per-tunnel plan', (a) => a.charged.tunnels],
    ['Counts against a per-request plan', (a) => a.charged.requests],
    ['Counts against a per-stream plan', (a) => a.charged.streams],
    ['File descriptors, client', (a) => a.clientDescriptors],
    ['File descriptors, proxy', (a) => a.proxyDescriptors],
    ['Ephemeral ports, client', (a) => a.clientEphemeralPorts],
    ['Ephemeral ports, proxy', (a) => a.proxyEphemeralPorts],
    ['Left open idle, client’s side', (a) => a.idleClientConnections],
    ['Left open idle, origin’s side', (a) => a.idleOriginConnections],
    ['Requests that one lost packet holds up', (a) => a.requestsBehindOneLoss],
    ['Head-of-line blocking', (a) => HEAD_OF_LINE[a.headOfLine]],
  ];
  const written = (cell: Cell): TemplateResult =>
    typeof cell === 'number' ? html`<td>${cell === 0 ? '–' : f.exact(cell)}</td>` : html`<td class="quiet">${cell ?? 'unseen'}</td>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="HTTP/1.1 and HTTP/2 compared"><table part="table" class="compare">
    <thead><tr><th scope="col">For ${f.exact(http1.warm.parallelRequests)} requests at once</th>
      <th scope="col">HTTP/1.1</th><th scope="col">HTTP/2</th><th scope="col">HTTP/2, cold</th></tr></thead>
    <tbody>${rows.map(([label, cell]) => html`<tr><th scope="row">${label}</th>${columns.map((a) => written(cell(a)))}</tr>`)}</tbody>
  </table></div>`;
}
