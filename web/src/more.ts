/** The folded inputs, which come after the first answer. */
import type { TemplateResult } from 'lit/html.js';
import help from 'words:help';
import moreFields from 'words:moreFields';
import more from 'words:more';
import type { Fields } from './panel.js';

export { sentenceOf } from './refusals.js';
export { help, moreFields as texts };

const GROUPS: readonly (readonly [keyof typeof more.groups, readonly string[]])[] = [
  ['counting', ['plan-counts', 'setup-time', 'idle-time', 'connection-reuse']],
  ['overLimit', ['retries', 'fail-target', 'cap', 'queue-places', 'client-timeout', 'wait-target', 'exit-ips', 'reduced-cap',
    'reduced-after', 'penalty-refusals', 'penalty-time']],
  ['protocol', ['route', 'upstream-http', 'destinations', 'max-concurrent-streams', 'over-stream-limit', 'warm',
    'origin-tls', 'proxy-tls', 'parallel-requests']],
  ['responseTimes', ['response-time-p99', 'response-time-samples', 'in-flight']],
  ['job', ['targets', 'deadline']],
];
/** Fields that one behaviour alone looks at. */
const ONLY_OVER: Record<string, string> = {
  'queue-places': 'queue', 'client-timeout': 'queue', 'wait-target': 'queue', 'exit-ips': 'per-ip', 'reduced-cap': 'shrinking-cap',
  'reduced-after': 'shrinking-cap', 'penalty-refusals': 'penalty', 'penalty-time': 'penalty',
};

export function render({ lit: { html }, words, row, texts, errors }: Fields): TemplateResult {
  const idle = (name: string): boolean => {
    const over = ONLY_OVER[name];
    return over !== undefined && over !== (texts['over-limit'] ?? 'reject') && !errors.has(name);
  };
  return html`${GROUPS.map(([group, names]) => html`<fieldset class="group"><legend>${words('more', more).groups[group]}</legend>${names.map((name) => (idle(name) ? '' : row(name)))}</fieldset>`)}`;
}
