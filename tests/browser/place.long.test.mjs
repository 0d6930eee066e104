// The element keeps its place: nothing on the page moves while it, its panel and its late parts arrive.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browser, open } from './page.mjs';

const SKIP = browser !== 'chromium' && 'only Chromium tells what has shifted';
let page;
let script;
before(async () => {
  if (SKIP) return;
  page = await open();
  await page.driver.sendAndGetDevToolsCommand('Network.enable', {});
  // Slow enough that each part is painted by itself.
  await page.driver.sendDevToolsCommand('Network.emulateNetworkConditions', { offline: false, latency: 60, downloadThroughput: 400_000, uploadThroughput: 400_000 });
});
after(() => page?.close());

/** What has shifted in the viewport on a page with something below the element, attributes as given. */
async function shifts(width, attributes = {}, state = 'ready') {
  await page.driver.sendDevToolsCommand('Emulation.setDeviceMetricsOverride', { width, height: 2600, deviceScaleFactor: 1, mobile: false });
  if (script) await page.driver.sendDevToolsCommand('Page.removeScriptToEvaluateOnNewDocument', { identifier: script });
  ({ identifier: script } = await page.driver.sendAndGetDevToolsCommand('Page.addScriptToEvaluateOnNewDocument', {
    source: `window.shifts = [];
      new PerformanceObserver((list) => {
        for (const { value, hadRecentInput, sources } of list.getEntries()) {
          if (!hadRecentInput) shifts.push([value, ...sources.map(({ node, previousRect: a, currentRect: b }) => (node?.id || node?.className || node?.nodeName) + ' ' + [a.y, a.height, b.y, b.height].map(Math.round))]);
        }
      }).observe({ type: 'layout-shift', buffered: true });
      new MutationObserver((_, observer) => {
        const el = document.querySelector('proxy-concurrency');
        // Whole, with what stands inside it.
        if (!el?.nextSibling) return;
        observer.disconnect();
        for (const [name, value] of Object.entries(${JSON.stringify(attributes)})) el.setAttribute(name, value);
        el.after(Object.assign(document.createElement('p'), { id: 'below', textContent: 'Below the element.' }));
      }).observe(document, { childList: true, subtree: true });`,
  }));
  await page.load(`/?${width}`, state);
  await page.until(`document.querySelector('#below')`);
  if (!('compact' in attributes) && attributes.panels !== '') await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#panel > *')`);
  await new Promise((resolve) => setTimeout(resolve, 400));
  return page.ask(() => window.shifts);
}

for (const width of [852, 532, 360, 320]) {
  for (const [name, attributes] of Object.entries({ 'all panels': {}, 'no panels': { panels: '' }, compact: { compact: '' } })) {
    test(`nothing moves: ${width} px, ${name}`, { skip: SKIP }, async () => {
      assert.deepEqual(await shifts(width, attributes), []);
    });
  }
}

test('the watch sees what moves', { skip: SKIP }, async () => {
  await shifts(852);
  await page.ask((el) => { el.before(Object.assign(document.createElement('p'), { textContent: 'Late.' })); });
  await page.until('window.shifts.length > 0');
});

test('a panel that takes its time leaves what is below where it is', { skip: SKIP }, async () => {
  await shifts(852);
  const top = () => page.ask(() => document.querySelector('#below').getBoundingClientRect().top);
  const before = await top();
  // Without the browser's input, all that moves counts.
  await page.ask((el, shadow) => shadow.querySelector('#tab-limits').click());
  await page.settle();
  assert.equal(await top(), before, 'the place shrank while the panel was on its way');
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('.layer')`);
});
