/** The folded inputs, which come after the first answer. */
import type { TemplateResult } from 'lit/html.js';
import type { FieldWords } from './messages.js';
import type { Fields } from './panel.js';
import type { PlanCounts, Route } from './types.js';

const GROUPS: readonly (readonly [string, readonly string[]])[] = [
  ['What the plan counts', ['plan-counts', 'setup-time', 'idle-time', 'connection-reuse']],
  ['Over the limit', ['retries', 'fail-target', 'cap', 'queue-places', 'client-timeout', 'wait-target', 'exit-ips', 'reduced-cap',
    'reduced-after', 'penalty-refusals', 'penalty-time']],
  ['Protocol', ['route', 'upstream-http', 'destinations', 'max-concurrent-streams', 'over-stream-limit', 'warm',
    'origin-tls', 'proxy-tls', 'parallel-requests']],
  ['More on response times', ['response-time-p99', 'response-time-samples', 'in-flight']],
  ['A job in place of a rate', ['targets', 'deadline']],
];
/** Fields that one behaviour alone looks at. */
const ONLY_OVER: Record<string, string> = {
  'queue-places': 'queue', 'client-timeout': 'queue', 'wait-target': 'queue', 'exit-ips': 'per-ip', 'reduced-cap': 'shrinking-cap',
  'reduced-after': 'shrinking-cap', 'penalty-refusals': 'penalty', 'penalty-time': 'penalty',
};

export const words: FieldWords = {
  labels: {
    targets: ['Targets in all', 'in place of λ'],
    deadline: ['Due within'],
    'deadline-unit': ['Counted in'],
    'response-time-p99': ['Response time, p99', 'optional'],
    'response-time-samples': ['Measured times', 'in place of W'],
    'in-flight': ['In flight C', 'in place of λ or W'],
    'plan-counts': ['The plan counts'],
    'setup-time': ['Connection set-up time'],
    'idle-time': ['Idle time kept open'],
    'connection-reuse': ['Connection reuse', 'share of requests'],
    route: ['Route'],
    'upstream-http': ['Behind the gateway'],
    destinations: ['Destinations'],
    'max-concurrent-streams': ['Streams per connection'],
    'over-stream-limit': ['Above that, the client'],
    warm: ['Connections are warm'],
    'origin-tls': ['TLS to the destination'],
    'proxy-tls': ['TLS to the proxy'],
    cap: ['Cap to look at', 'else the plan'],
    'fail-target': ['May fail', 'share of requests'],
    'wait-target': ['May wait', 'all but that share'],
    'queue-places': ['Places in the queue'],
    'client-timeout': ['Client gives up after', 'waiting'],
    retries: ['Retries', 'at most'],
    'exit-ips': ['Exit IPs', 'addresses in use'],
    'reduced-cap': ['Cap that is left'],
    'reduced-after': ['Once served', 'in 30 days'],
    'penalty-refusals': ['Refusals in a minute', 'that block'],
    'penalty-time': ['Blocked for'],
    'parallel-requests': ['Requests at once', 'for the comparison'],
  },
  options: {
    'deadline-unit': { second: 'seconds', minute: 'minutes', hour: 'hours', day: 'days' },
    'plan-counts': {
      'busy-connections': 'connections in use',
      'open-connections': 'open connections, idle too',
      tunnels: 'CONNECT tunnels',
      requests: 'requests in flight',
      streams: 'streams',
      'requests-per-minute': 'requests per minute',
    } satisfies Record<PlanCounts, string>,
    route: {
      forward: 'http:// forward proxy',
      tunnel: 'CONNECT tunnel (https://)',
      'h2-proxy': 'HTTP/2 to the proxy',
      gateway: 'gateway (ends HTTP)',
      socks5: 'SOCKS5',
    } satisfies Record<Route, string>,
    'upstream-http': { '1.1': 'HTTP/1.1', '2': 'HTTP/2' },
    'over-stream-limit': { open: 'opens another', wait: 'waits' },
  },
};

export function render({ lit: { html }, row, texts, errors }: Fields): TemplateResult {
  const idle = (name: string): boolean => {
    const over = ONLY_OVER[name];
    return over !== undefined && over !== (texts['over-limit'] ?? 'reject') && !errors.has(name);
  };
  return html`${GROUPS.map(([title, names]) => html`<fieldset class="group"><legend>${title}</legend>${names.map((name) => (idle(name) ? '' : row(name)))}</fieldset>`)}`;
}
