// What holds for every panel.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { kebab } from '../src/vectors.mjs';
import { Key, open } from './page.mjs';

const PANELS = ['response-time', 'protocol', 'limits', 'when-exceeded', 'configure', 'scale', 'probe'];
const web = new URL('../../web/', import.meta.url);

let page;
before(async () => (page = await open()));
after(() => page?.close());

test('the script knows the names of all fields that panels bring, to load them where one is preset', async () => {
  const { loadAdvice, loadExceeded } = await import(new URL('lib/engines-node.js', web));
  const [environment, simulation] = [(await loadAdvice()).environmentFields(), (await loadExceeded()).simulationFields()];
  const [, ...lists] = /BROUGHT[^{]*= \{[^`]*`([^`]*)`[^`]*`([^`]*)`/.exec(readFileSync(new URL('src/tools.ts', web), 'utf8'));
  assert.deepEqual(lists.map((names) => names.split(/\s+/)), [environment, simulation].map((fields) => fields.map(({ name }) => kebab(name))));
});

test('the arrow keys go through all of them, and each is drawn', async () => {
  await page.load();
  const seen = [];
  let tab = await page.driver.executeScript(`const tab = document.querySelector('proxy-concurrency').shadowRoot.querySelector('[role=tab]'); tab.focus(); return tab;`);
  for (const name of PANELS) {
    await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#tab-${name}[aria-selected=true]') && document.querySelector('proxy-concurrency').shadowRoot.querySelector('#panel > *')`, name);
    seen.push(await page.ask((el, shadow) => shadow.activeElement.id));
    await tab.sendKeys(Key.ARROW_RIGHT);
    tab = await page.driver.executeScript(`return document.querySelector('proxy-concurrency').shadowRoot.activeElement`);
  }
  assert.deepEqual(seen, PANELS.map((name) => `tab-${name}`));
  assert.deepEqual(await page.complaints(), []);
});

test('each fits 360 px, also from right to left, and every control has a name', async () => {
  const rect = await page.driver.manage().window().getRect();
  try {
    await page.driver.manage().window().setRect({ width: 500, height: 900 });
    await page.load();
    for (const direction of ['ltr', 'rtl']) {
      await page.ask((el, shadow, direction) => {
        el.style.width = '360px';
        document.documentElement.dir = direction;
      }, direction);
      for (const name of PANELS) {
        await page.show(name);
        if (name === 'probe') await page.paste('text', '200 1.01\n503 0.01\n'.repeat(8));
        await page.settle();
        const { out, unnamed } = await page.ask((el, shadow) => {
          const scrolls = (e) => e.parentElement && (['auto', 'scroll'].includes(getComputedStyle(e.parentElement).overflowX) || scrolls(e.parentElement));
          const { left, right } = el.getBoundingClientRect();
          const panel = shadow.querySelector('#panel');
          return {
            out: [...panel.querySelectorAll('*')].filter((e) => e.localName !== 'option' && !scrolls(e) && (e.getBoundingClientRect().right > right + 1 || e.getBoundingClientRect().left < left - 1)).map((e) => e.outerHTML.slice(0, 80)),
            unnamed: [...panel.querySelectorAll('input, select, textarea')].filter((e) => !e.labels.length && !e.ariaLabel).map((e) => e.name),
          };
        });
        assert.deepEqual([out, unnamed], [[], []], `${name} ${direction}`);
      }
    }
  } finally {
    await page.driver.manage().window().setRect(rect);
  }
});
