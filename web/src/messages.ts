/** The English words. What stands here is all that a translator needs; numbers come formatted. */
import type { Field, OverLimit, PlanCounts, Quantity, Route } from './types.js';

type Words = Record<string, string>;

/** Label and hint of each field, by kebab-case name. */
export const FIELD_LABELS: Record<string, readonly [label: string, hint?: string]> = {
  'arrival-rate': ['Throughput λ', 'how often you send'],
  'rate-unit': ['Counted'],
  targets: ['Targets in all', 'in place of λ'],
  deadline: ['Due within'],
  'deadline-unit': ['Counted in'],
  'response-time': ['Response time W, mean'],
  'response-time-p95': ['Response time, p95', 'optional'],
  'response-time-p99': ['Response time, p99', 'optional'],
  'response-time-samples': ['Measured times', 'in place of W'],
  'in-flight': ['In flight C', 'in place of λ or W'],
  headroom: ['Headroom', '20–30 % is usual'],
  'plan-tiers': ['Plan tiers', 'sizes on offer'],
  'plan-counts': ['The plan counts'],
  'setup-time': ['Connection set-up time'],
  'idle-time': ['Idle time kept open'],
  'connection-reuse': ['Connection reuse', 'share of requests'],
  route: ['Route'],
  'inner-http': ['Client protocol'],
  'upstream-http': ['Behind the gateway'],
  destinations: ['Destinations'],
  'max-concurrent-streams': ['Streams per connection'],
  'over-stream-limit': ['Above that, the client'],
  warm: ['Connections are warm'],
  'origin-tls': ['TLS to the destination'],
  'proxy-tls': ['TLS to the proxy'],
  'over-limit': ['Over the limit, the proxy'],
  cap: ['Cap to look at', 'else the plan'],
  'fail-target': ['May fail', 'share of requests'],
  'wait-target': ['May wait', 'all but that share'],
  'queue-places': ['Places in the queue'],
  'client-timeout': ['Client gives up after', 'waiting'],
  retries: ['Retries', 'at most'],
  'exit-ips': ['Exit IPs', 'the cap is split'],
  'reduced-cap': ['Cap that is left'],
  'reduced-after': ['Once served', 'in 30 days'],
  'penalty-refusals': ['Refusals in a minute', 'that block'],
  'penalty-time': ['Blocked for'],
  'parallel-requests': ['Requests at once', 'for the comparison'],
};

/** Options of the choices, where the core's own word is not what a reader would say. */
export const OPTIONS: Record<string, Words> = {
  'rate-unit': { second: 'requests / s', minute: 'requests / min', hour: 'requests / h', day: 'requests / day' },
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
  'inner-http': { '1.1': 'HTTP/1.1', '2': 'HTTP/2' },
  'upstream-http': { '1.1': 'HTTP/1.1', '2': 'HTTP/2' },
  'over-limit': {
    reject: 'refuses',
    queue: 'queues, then refuses',
    'per-ip': 'refuses per exit IP',
    'shrinking-cap': 'lowers the cap after much traffic',
    penalty: 'blocks for a while',
  } satisfies Record<OverLimit, string>,
  'over-stream-limit': { open: 'opens another', wait: 'waits' },
};

/** What is needed, after the number. */
export const NEEDED: Record<PlanCounts, (one: boolean) => string> = {
  'busy-connections': (one) => (one ? 'connection' : 'connections'),
  'open-connections': (one) => (one ? 'open connection' : 'open connections'),
  tunnels: (one) => (one ? 'tunnel' : 'tunnels'),
  requests: (one) => (one ? 'request in flight' : 'requests in flight'),
  streams: (one) => (one ? 'stream' : 'streams'),
  'requests-per-minute': (one) => (one ? 'request a minute' : 'requests a minute'),
};

export const SOLVED: Record<Quantity, string> = {
  'in-flight': 'C = λ × W',
  'arrival-rate': 'λ = C ÷ W',
  'response-time': 'W = C ÷ λ',
};

export const unitLabel = (field: Field, share: boolean): string =>
  share ? '%' : field.unit === 's' ? 's' : '';

export const TEXT = {
  unavailable: 'The calculator needs WebAssembly, which is blocked or missing here.',
  youNeed: 'You need',
  toPlan: '→ the',
  plan: 'plan',
  stale: 'The last good answer. Mend the marked field to go on.',
  nothing: 'Type a throughput and a response time to see how many connections you need.',
  more: 'Route, counting, retries, measurements',
  compare: 'compare',
  inputs: 'Your numbers',
  panels: 'Details',
  optionDefault: 'by route',
  yes: 'yes',
  no: 'no',
  copyLink: 'Copy link',
  copyJson: 'Copy as JSON',
  reset: 'Reset',
  copied: 'Copied.',
  notCopied: 'Could not copy. The text is in the page’s address and in the element’s `report`.',
  panelMissing: 'This part could not be loaded. Choose it again to try once more.',
  private: 'All numbers are computed in your browser.',
  groups: { job: 'A job in place of a rate', times: 'More on response times', plan: 'What the plan counts', protocol: 'Protocol', over: 'Over the limit' },
} as const;
