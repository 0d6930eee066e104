import { ProxyConcurrencyElement } from './proxy-concurrency-element.js';

export { ProxyConcurrencyElement };
export type { ChangeDetail } from './proxy-concurrency-element.js';
export type { Report, Scenario } from './types.js';

ProxyConcurrencyElement.define();
