/** Registers `<proxy-concurrency>`, once, quietly on a second load. On a server, where there is nothing to register with, it does nothing. */
import { ProxyConcurrencyElement } from './index.js';

export * from './index.js';
export { loadEngine } from './engine.js';

declare global {
  interface HTMLElementTagNameMap {
    'proxy-concurrency': ProxyConcurrencyElement;
  }
}

ProxyConcurrencyElement.define();
