/** The English words. What stands here is all that a translator needs; numbers come formatted. */
import type { Field, OverLimit, PlanCounts, Quantity } from './types.js';

export type Words = Record<string, string>;

/** What a reader is told about fields: labels and hints, and the words of choices, by kebab-case name. */
export interface FieldWords {
  labels: Record<string, readonly [label: string, hint?: string]>;
  /** Options of the choices, where the core's own word is not what a reader would say. */
  options: Record<string, Words>;
}

/** Of the fields that are always to be seen. The others' words come with those who show them. */
export const WORDS: FieldWords = {
  labels: {
    'arrival-rate': ['Throughput λ', 'how often you send'],
    'rate-unit': ['Counted'],
    'response-time': ['Response time W, mean'],
    'response-time-p95': ['Response time, p95', 'optional'],
    headroom: ['Headroom', '20–30 % is usual'],
    'plan-tiers': ['Plan tiers', 'sizes on offer'],
    'inner-http': ['Client protocol'],
    'over-limit': ['Over the limit, the proxy'],
  },
  options: {
    'rate-unit': { second: 'requests / s', minute: 'requests / min', hour: 'requests / h', day: 'requests / day' },
    'inner-http': { '1.1': 'HTTP/1.1', '2': 'HTTP/2' },
    'over-limit': {
      reject: 'refuses',
      queue: 'queues, then refuses',
      'per-ip': 'refuses per exit IP',
      'shrinking-cap': 'lowers the cap after much traffic',
      penalty: 'blocks for a while',
    } satisfies Record<OverLimit, string>,
  },
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
  share ? '%' : field.unit === 'requests' ? '' : field.unit;

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
  undo: 'Undo reset',
  wasReset: 'Back to what the page gives.',
  wasUndone: 'What you had typed is back.',
  pin: 'Pin and compare',
  pinAgain: 'Pin this instead',
  copied: 'Copied.',
  notCopied: 'Could not copy. The text is in the page’s address and in the element’s `report`.',
  panelMissing: 'This part could not be loaded. Choose it again to try once more.',
  private: 'All numbers are computed in your browser.',
} as const;
