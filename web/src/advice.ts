/** What the panels on limits, clients, growth and probes share: an engine of their own, and the fields that they bring. */
import init, { environmentFields } from '../pkg/advice/proxy_concurrency_advice.js';
import texts from 'words:environmentFields';
import help from 'words:environmentHelp';
import type { Brought } from './panel.js';

export { effective, limits, scale, probeDesign, probeReading, snippet } from '../pkg/advice/proxy_concurrency_advice.js';

let loading: Promise<unknown> | undefined;
let brought: Brought | undefined;

export function ready(): Promise<unknown> {
  loading ??= init();
  // The network may have been at fault: the next panel tries again.
  loading.catch(() => (loading = undefined));
  return loading;
}

export const brings = (): Brought => (brought ??= {
  fields: environmentFields(), texts: (words) => words('environmentFields', texts), help: (words) => words('environmentHelp', help),
});
