/** What the panels on limits, clients, growth and probes share: an engine of their own, and the fields that they bring. */
import init, { environmentFields } from '../pkg/advice/proxy_concurrency_advice.js';
import type { FieldWords } from './messages.js';
import type { Field } from './types.js';

export { effective, limits, scale, probeDesign, probeReading, snippet } from '../pkg/advice/proxy_concurrency_advice.js';

let loading: Promise<unknown> | undefined;
let fields: readonly Field[] | undefined;

export function ready(): Promise<unknown> {
  loading ??= init();
  // The network may have been at fault: the next panel tries again.
  loading.catch(() => (loading = undefined));
  return loading;
}

export const brings = (): { fields: readonly Field[]; words: FieldWords } => ({ fields: (fields ??= environmentFields()), words });

const words: FieldWords = {
  labels: {
    'operating-system': ['Operating system'],
    'file-descriptors': ['File descriptors', 'ulimit -n'],
    'ephemeral-ports': ['Ephemeral ports'],
    'time-wait': ['TIME_WAIT'],
    'tracked-connections': ['Tracked connections', 'firewall, NAT'],
    'proxy-endpoints': ['Proxy endpoints', 'address and port'],
    'client-library': ['Client library'],
    'client-limit': ['Its limit', 'else its default'],
    'concurrency-model': ['Connections are run by'],
    memory: ['Memory'],
    'destination-limit': ['A destination allows', 'per exit IP'],
    'response-size': ['Response size'],
    bandwidth: ['Bandwidth'],
    'proxy-round-trip': ['Round trip to the proxy'],
    'origin-round-trip': ['Proxy to destination'],
    'tls-version': ['TLS version'],
    'proxy-idle-timeout': ['Proxy closes idle after'],
    'requests-per-ip': ['Requests per IP', 'then another'],
    credentials: ['Credentials'],
    'credential-sharing': ['Their caps'],
    'reduced-after-traffic': ['Cap drops after'],
  },
  options: {
    'operating-system': { linux: 'Linux', macos: 'macOS', windows: 'Windows' },
    'client-library': {
      requests: 'requests (Python)', aiohttp: 'aiohttp (Python)', httpx: 'httpx (Python)', scrapy: 'Scrapy (Python)',
      undici: 'undici (Node.js)', 'node-fetch': 'fetch (Node.js)', go: 'net/http (Go)', reqwest: 'reqwest (Rust)',
      curl: 'curl', playwright: 'Playwright (browsers)',
    },
    'concurrency-model': { '': 'as the library does', threads: 'threads', 'event-loop': 'an event loop', processes: 'processes' },
    'credential-sharing': { multiplied: 'add up', split: 'share one cap' },
  },
};
