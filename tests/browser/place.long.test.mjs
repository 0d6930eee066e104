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

const WIDTHS = [852, 532, 360, 320];
const LANGUAGES = ['en', 'de', 'fr', 'es', 'ja', 'zh-Hans', 'ar'];
const PANELS = ['response-time', 'protocol', 'limits', 'when-exceeded', 'configure', 'scale', 'probe'];
const FORMS = { 'no panels': { panels: '' }, compact: { compact: '' } };
const FIRST = Object.fromEntries(PANELS.map((name) => [name, { panels: name }]));

// Wide and narrow: a language's own place is compared with what it needs below, for all of them.
const SPOKEN = Object.fromEntries(LANGUAGES.map((locale) => [locale, { locale }]));
for (const width of WIDTHS) {
  for (const [name, attributes] of Object.entries({ ...FORMS, ...FIRST, ...([852, 360].includes(width) ? SPOKEN : {}) })) {
    test(`nothing moves: ${width} px, ${name}`, { skip: SKIP }, async () => {
      const all = await shifts(width, attributes);
      // A simulation goes on in that panel, and labels of its chart move with what it has found; what is below must not.
      const own = attributes.panels === 'when-exceeded';
      assert.deepEqual(own ? all.filter(([, ...moved]) => moved.some((what) => /^(below|P) /.test(what))) : all, []);
    });
  }
}

// The place that an element keeps is the one that its class names from the beginning: here it is compared with what it needs.
for (const locale of LANGUAGES) {
  test(`the place is large enough for each first panel: ${locale}`, { skip: SKIP }, async () => {
    const short = [];
    for (const [name, attributes] of Object.entries({ ...FORMS, ...FIRST })) {
      await page.fresh({ ...attributes, locale });
      if (name in FIRST) await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#panel > *')`);
      for (const width of WIDTHS) {
        await page.driver.sendDevToolsCommand('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: false });
        // Its width is told in one frame, and drawn in the next.
        for (let frame = 0; frame < 3; frame += 1) await page.settle();
        const [place, needed] = await page.ask((el, shadow) => {
          const card = shadow.querySelector('.card');
          const place = parseFloat(getComputedStyle(card).minHeight);
          card.style.minHeight = '0';
          const needed = card.getBoundingClientRect().height;
          card.style.minHeight = '';
          return [place, needed];
        });
        if (!(place >= needed)) short.push(`${width} px, ${name}: ${place} px for ${needed}`);
      }
    }
    assert.deepEqual(short, []);
  });
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
