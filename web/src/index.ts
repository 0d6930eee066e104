/** The element's class, for those who register it themselves. Importing this has no effect on a page; `define.js` registers it. */
export { ProxyConcurrencyElement, type ChangeDetail } from './proxy-concurrency-element.js';
export type { Report, Scenario } from './types.js';
