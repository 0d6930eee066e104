// Each site is built by its own tool, served below a path, and read in Chromium.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { serve } from '../../scripts/serve.mjs';
import { open } from '../browser/page.mjs';
import { build } from './build.mjs';
import { SITES, absent } from './sites.mjs';

const BASE = '/docs/v1/';
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in SITES));
if (unknown.length > 0) throw new Error(`no such site: ${unknown.join(', ')}; there are ${Object.keys(SITES).join(', ')}`);

/** A policy under which a request that leaves the site fails, and is told on the console. Without `scripts` none is run. */
const policy = (home, scripts = true) =>
  `default-src ${home} 'unsafe-inline' data: blob:; script-src ${scripts ? `${home} 'unsafe-inline' 'wasm-unsafe-eval'` : "'none'"}`;

/** One browser for all: each site has a port of its own. */
let page;
after(() => page?.close());

/** Builds and serves; `page.url` is the site's. */
async function begin(t, site) {
  const folder = mkdtempSync(join(tmpdir(), `proxy-concurrency-site-`));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const headers = {};
  const server = await serve(folder, { headers });
  t.after(() => server.close());
  const home = new URL(BASE, server.url).href;
  await build(site, join(folder, BASE), home);
  page ??= await open();
  page.url = home.replace(/\/$/, '');
  const allow = (scripts) => { headers['content-security-policy'] = policy(home, scripts); };
  allow(true);
  return { home, allow };
}

const ready = `document.querySelector('proxy-concurrency')?.dataset.state === 'ready'`;
const answer = async () => {
  const { required, plan } = await page.see();
  return [required, plan];
};
/** Follows a link of the page's text as a reader does. */
async function follow(text, arrived) {
  await page.ask((el, shadow, text) => {
    const link = [...document.querySelectorAll('a')].findLast((a) => a.textContent.trim() === text);
    if (!link) throw new Error(`no link ${text}`);
    link.click();
  }, text);
  await page.until(arrived, `the page behind ${text}`);
}
const other = `[...document.querySelectorAll('h1')].some((h1) => h1.textContent.includes('Another page')) && !document.querySelector('proxy-concurrency')`;
/** Whether the static text is inside the element, and whether it is seen. */
const fallback = () => page.ask(() => [...document.querySelectorAll('proxy-concurrency')].map((el) => {
  const text = [...document.querySelectorAll('p')].filter((p) => /servers|holds (them|it)/.test(p.textContent) && el.contains(p));
  return { inside: text.length, seen: text.some((p) => p.checkVisibility()) };
}));

for (const [name, site] of Object.entries(SITES)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  test(name, async (t) => {
    const reason = absent(site);
    if (reason) {
      // There, a site that was not tried must not look like one that works.
      if (process.env.CI) throw new Error(reason);
      return t.skip(reason);
    }
    let home, allow;
    await t.test('is built', async () => ({ home, allow } = await begin(t, site)));
    if (!home) return;

    await t.test('answers the example, and what is typed', async () => {
      await page.load('/');
      assert.deepEqual(await answer(), ['157', '200']);
      await page.type('arrival-rate', '100');
      assert.deepEqual(await answer(), ['313', '500']);
    });
    await t.test('answers again after a link away and a link back', async () => {
      await page.ask(() => void (window.stayed = true));
      await follow('read on', other);
      await follow('To the calculator', ready);
      await page.settle();
      assert.equal(await page.ask(() => window.stayed ?? false), site.inPlace ?? false, 'whether the page was loaded anew');
      assert.deepEqual(await answer(), ['157', '200']);
      await page.type('arrival-rate', '100');
      assert.deepEqual(await answer(), ['313', '500']);
    });
    await t.test('shows what was typed after going back', async () => {
      await follow('read on', other);
      await page.driver.navigate().back();
      await page.until(ready, 'the calculator');
      await page.settle();
      assert.deepEqual(await answer(), ['313', '500']);
    });
    await t.test('two calculators in a folder have one engine', async () => {
      await page.load(`/${site.two}`);
      await page.ask(() => document.querySelectorAll('proxy-concurrency')[1].scrollIntoView());
      await page.until(`[...document.querySelectorAll('proxy-concurrency')].every((el) => el.dataset.state === 'ready')`, 'both');
      const both = () => page.ask(() => [...document.querySelectorAll('proxy-concurrency')].map(({ report }) => report.sizing.required));
      assert.deepEqual(await both(), [157, 25]);
      await page.type('arrival-rate', '100');
      assert.deepEqual(await both(), [313, 25]);
      const engines = (await page.requests()).filter((path) => path.endsWith('.wasm'));
      assert.equal(engines.length, 1, engines.join(' '));
    });
    await t.test('the static text is in the element, unseen once there is an answer', async () => {
      assert.deepEqual(await fallback(), Array(2).fill({ inside: 1, seen: false }));
    });
    await t.test('nothing leaves the site, and nothing complains', async () => {
      const outside = (await page.requests()).filter((path) => !path.startsWith(BASE));
      assert.deepEqual([outside, await page.complaints()], [[], []]);
    });
    await t.test('a request that leaves the site would be told', async () => {
      await page.driver.executeAsyncScript(`fetch('/elsewhere').catch(() => {}).then(arguments[0])`);
      assert.match((await page.complaints()).join('\n'), /elsewhere/);
    });
    await t.test('without scripts the static text is seen', async () => {
      allow(false);
      await page.driver.get(`${home}${site.two}`);
      assert.deepEqual(await fallback(), Array(2).fill({ inside: 1, seen: true }));
      await page.complaints();
    });
  });
}
