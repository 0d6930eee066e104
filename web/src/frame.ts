/**
 * The calculator in a page of its own, for sites that put it into an iframe: `frame.html?arrival-rate=50&panels=limits&theme=dark`. What the
 * address says is data: it becomes attributes of known names, and nothing else. The fragment is the reader's, as on every page.
 */

import { kebab } from './state.js';

/** Names of all fields; the build writes them in. */
declare const FIELDS: readonly string[];

const OPTIONS = ['panels', 'theme', 'locale'];
const SWITCHES = ['compact', 'readonly-plan'];
const VALUES = new Set([...FIELDS.map(kebab), ...OPTIONS]);

const asked = new URLSearchParams(location.search);
const element = document.createElement('proxy-concurrency');
for (const [name, value] of asked) {
  if (VALUES.has(name)) element.setAttribute(name, value);
  if (SWITCHES.includes(name)) element.toggleAttribute(name, value !== 'false');
}

const root = document.documentElement;
const theme = asked.get('theme');
if (theme === 'light' || theme === 'dark') root.dataset['theme'] = theme;
const locale = asked.get('locale');
if (locale) root.lang = locale;

const main = document.querySelector('main')!;
main.replaceChildren(element);

// The site around cannot see how much room is needed. To any origin: which site that is, this page does not know, and a height is no secret.
if (parent !== window) {
  new ResizeObserver(() => {
    parent.postMessage({ type: 'proxy-concurrency', height: Math.ceil(main.getBoundingClientRect().height) }, '*');
  }).observe(main);
}
