/** What the same requests cost in connections over HTTP/1.1 and HTTP/2. */
import type { TemplateResult } from 'lit/html.js';
import english from 'words:protocol';
import type { PanelInput } from '../panel.js';
import type { Accounting } from '../types.js';

/** Lines that stand for connections: more than these are drawn as these. */
const MOST_LINES = 8;

export function render(input: PanelInput): TemplateResult {
  const { lit: { html, nothing }, words, say, report, format: f, width } = input;
  const text = words('protocol', english);
  const { http1, http2 } = report.comparison;
  return html`${width >= 240 ? html`${drawing('HTTP/1.1', http1.warm, input)} ${drawing('HTTP/2', http2.warm, input)}` : nothing}
    ${http2.warm.httpVersion === '1.1'
      ? html`<p class="note plain">${text.always1}</p>`
      : nothing}
    ${table(input)}
    ${http2.cold.clientToProxyTcp > http2.cold.fewestClientToProxyTcp
      ? html`<p class="note">${say(text.cold, {
          most: f.exact(http2.cold.clientToProxyTcp), fewest: f.exact(http2.cold.fewestClientToProxyTcp),
        })}</p>`
      : nothing}`;
}

function drawing(http: string, a: Accounting, { lit: { html, svg }, words, say, format: f, width }: PanelInput): TemplateResult {
  const text = words('protocol', english);
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
  const [toProxy, toOrigin] = [{ tcp: f.exact(a.clientToProxyTcp) }, { tcp: f.exact(a.proxyToOriginTcp) }];
  const client = streams ? say(text.legStreams, { http, ...toProxy, streams: a.streams }) : say(text.leg, { http, ...toProxy });
  const origin = say(streams && a.maxStreamsOnOneConnection === 0 ? text.tcpHttp1 : text.tcp, toOrigin);
  const middle = (i: number) => (at[i]! + boxes + at[i + 1]!) / 2;
  const box = (i: number, label: string, first: boolean) => svg`
    <rect class=${first ? 'box client' : 'box'} x=${at[i]} y="34" width=${boxes} height="56" rx="8" />
    <text class="strong" x=${at[i]! + boxes / 2} y="66" text-anchor="middle">${label}</text>`;
  return html`<svg class="drawing" width=${w} height=${h} viewBox="0 0 ${w} ${h}" role="img"
    aria-label=${say(text.drawing, { client, origin })}>
    ${leg(at[0]! + boxes, at[1]!, a.clientToProxyTcp, streams)}
    ${leg(at[1]! + boxes, at[2]!, a.proxyToOriginTcp, a.maxStreamsOnOneConnection > 0)}
    <text class="strong" x=${middle(0)} y="18" text-anchor="middle">${width < 480 ? say(text.tcp, toProxy) : client}</text>
    <text class="strong" x=${middle(1)} y="18" text-anchor="middle">${width < 480 ? say(text.tcp, toOrigin) : origin}</text>
    ${box(0, width < 480 ? http : text.client, true)} ${box(1, text.proxy, false)} ${box(2, text.origin, false)}
  </svg>`;
}

function table({ lit: { html }, words, say, report: { comparison: { http1, http2 } }, format: f }: PanelInput): TemplateResult {
  const text = words('protocol', english);
  const { rows: labels } = text;
  const columns = [http1.warm, http2.warm, http2.cold];
  /** A cell: a count, or words. */
  type Cell = number | string | null;
  const rows: readonly (readonly [string, (a: Accounting) => Cell])[] = [
    [labels.tcpToProxy, (a) => a.clientToProxyTcp],
    [labels.tcpToOrigin, (a) => a.proxyToOriginTcp],
    [labels.streams, (a) => a.streams],
    ...(http2.warm.requestsWaiting > 0 ? [[labels.waiting, (a: Accounting) => a.requestsWaiting] as const] : []),
    [labels.tlsToProxy, (a) => a.proxyTlsHandshakes],
    [labels.tlsToOrigin, (a) => a.originTlsHandshakes],
    [labels.perConnection, (a) => a.charged.openConnections],
    [labels.perTunnel, (a) => a.charged.tunnels],
    [labels.perRequest, (a) => a.charged.requests],
    [labels.perStream, (a) => a.charged.streams],
    [labels.clientDescriptors, (a) => a.clientDescriptors],
    [labels.proxyDescriptors, (a) => a.proxyDescriptors],
    [labels.clientPorts, (a) => a.clientEphemeralPorts],
    [labels.proxyPorts, (a) => a.proxyEphemeralPorts],
    [labels.idleClient, (a) => a.idleClientConnections],
    [labels.idleOrigin, (a) => a.idleOriginConnections],
    [labels.behindLoss, (a) => a.requestsBehindOneLoss],
    [labels.headOfLine, (a) => text.headOfLine[a.headOfLine]],
  ];
  const written = (cell: Cell): TemplateResult =>
    typeof cell === 'number' ? html`<td>${cell === 0 ? '–' : f.exact(cell)}</td>` : html`<td class="quiet">${cell ?? text.unseen}</td>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${text.compared}><table part="table" class="compare">
    <thead><tr><th scope="col">${say(text.forRequests, { count: http1.warm.parallelRequests })}</th>
      <th scope="col">HTTP/1.1</th><th scope="col">HTTP/2</th><th scope="col">${text.coldColumn}</th></tr></thead>
    <tbody>${rows.map(([label, cell]) => html`<tr><th scope="row">${label}</th>${columns.map((a) => written(cell(a)))}</tr>`)}</tbody>
  </table></div>`;
}
