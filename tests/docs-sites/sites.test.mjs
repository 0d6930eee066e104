// Each site is built by its own tool, served below a path, and read in Chromium.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { serve } from '../../scripts/serve.mjs';
import { open } from '../browser/page.mjs';
import { listen, simulated } from '../browser/simulation.mjs';
import { build } from './build.mjs';
import { SITES, absent, root } from './sites.mjs';

const BASE = '/docs/v1/';
/** `SITES="mdbook hugo"`: these alone. */
const asked = (process.env.SITES ?? '').split(' ').filter(Boolean);
const unknown = asked.filter((name) => !(name in SITES));
if (unknown.length > 0) throw new Error(`no such site: ${unknown.join(', ')}; there are ${Object.keys(SITES).join(', ')}`);
const sites = Object.entries(SITES)
  .filter(([name]) => asked.length === 0 || asked.includes(name))
  .map(([name, site]) => ({ name, ...site, absent: absent(site) }));

/** A policy under which a request that leaves the site fails, and is told on the console. Without `scripts` none is run. */
const policy = (home, scripts = true) =>
  `default-src ${home} 'unsafe-inline' data: blob:; script-src ${scripts ? `${home} 'unsafe-inline' 'wasm-unsafe-eval'` : "'none'"}`;

/** One browser for all: each site has a port of its own. */
let page;
const ends = [];
before(async () => {
  // One site is built while the one before is read: a generator uses more than one core for a part of its time only.
  let previous;
  for (const site of sites.filter((site) => !site.absent)) {
    site.built = (previous ?? Promise.resolve()).then(() => begin(site));
    // Its own test tells of a failure, and the next site is built all the same.
    previous = site.built.catch(() => {});
  }
  page = await open();
});
after(async () => {
  await page?.close();
  for (const end of ends) await end();
});

/** Builds and serves. */
async function begin(site) {
  const folder = mkdtempSync(join(tmpdir(), 'proxy-concurrency-site-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const headers = {};
  const server = await serve(folder, { headers });
  ends.push(() => server.close());
  const home = new URL(BASE, server.url).href;
  const allow = (scripts) => { headers['content-security-policy'] = policy(home, scripts); };
  allow(true);
  const out = join(folder, BASE);
  mkdirSync(out, { recursive: true });
  const start = performance.now();
  await build(site, out, home);
  return { folder, home, allow, seconds: (performance.now() - start) / 1000 };
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
/** The second calculator starts when it comes near. */
async function bothReady() {
  await page.ask(() => document.querySelectorAll('proxy-concurrency')[1].scrollIntoView());
  await page.until(`[...document.querySelectorAll('proxy-concurrency')].every((el) => el.dataset.state === 'ready')`, 'both');
  await page.settle();
}
const tabs = () => page.ask(() => [...document.querySelectorAll('proxy-concurrency')].map((el) => [...el.shadowRoot.querySelectorAll('[role=tab]')].map(({ id }) => id)));
const other = `[...document.querySelectorAll('h1')].some((h1) => h1.textContent.includes('Another page')) && !document.querySelector('proxy-concurrency')`;
/** Whether the static texts are inside their elements, and whether they are seen. */
const fallback = () => page.ask(() => [...document.querySelectorAll('proxy-concurrency')].map((el) => {
  const texts = [...document.querySelectorAll('p')].filter((p) => p.textContent.includes('requests a second') && el.contains(p));
  return { inside: texts.length, seen: texts.some((p) => p.checkVisibility()) };
}));
/** How light the calculator's ground is, from 0 to 1. */
const lightness = () => page.ask((el, shadow) => {
  const [, red, green, blue] = getComputedStyle(shadow.querySelector('[part~=base]')).backgroundColor.match(/(\d+)\D+(\d+)\D+(\d+)/).map(Number);
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
});

for (const site of sites) {
  test(site.name, async (t) => {
    if (site.absent) {
      // There, a site that was not tried must not look like one that works.
      if (process.env.CI) throw new Error(site.absent);
      return t.skip(site.absent);
    }
    const { folder, home, allow, seconds } = await site.built;
    t.diagnostic(`built in ${seconds.toFixed(1)} s`);
    page.url = home.replace(/\/$/, '');

    await t.test('has no path of the machine that built it', () => {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
      const telling = files.filter((file) => /\.(html|js|css)$/.test(file.name) && readFileSync(join(file.parentPath ?? file.path, file.name), 'utf8').includes(root));
      assert.deepEqual(telling.map(({ name }) => name), []);
    });
    await t.test('answers the example, and what is typed', async () => {
      await page.load('/');
      assert.deepEqual(await answer(), ['157', '200']);
      const { width } = await page.ask((el) => el.getBoundingClientRect());
      assert.ok(width > 400, `${width} px wide`);
      await page.type('arrival-rate', '100');
      assert.deepEqual(await answer(), ['313', '500']);
    });
    await t.test('simulates in a Worker', async () => {
      await listen(page);
      await page.show('when-exceeded');
      await simulated(page);
      const { workers, told } = await page.ask(() => ({ workers: window.workers, told: window.told }));
      assert.deepEqual([workers, told[0], told.at(-1).ended], [1, { ready: true }, true]);
      await page.load('/');
    });
    await t.test('answers again after a link away and a link back', async () => {
      await page.ask(() => void (window.stayed = true));
      await follow('read on', other);
      await follow('To the calculator', ready);
      await page.settle();
      assert.equal(await page.ask(() => window.stayed ?? false), site.inPlace ?? false, 'whether the page was not loaded anew');
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
    await t.test('keeps the options of each calculator on a page that a link leads to', async () => {
      await follow('read on', other);
      await follow('Two of them', `document.querySelectorAll('proxy-concurrency').length === 2`);
      await bothReady();
      assert.deepEqual(await tabs(), [['tab-protocol', 'tab-response-time'], []]);
    });
    await t.test('two calculators in a folder have one engine', async () => {
      await page.load(`/${site.two}`);
      await bothReady();
      assert.deepEqual(await tabs(), [['tab-protocol', 'tab-response-time'], []]);
      const both = () => page.ask(() => [...document.querySelectorAll('proxy-concurrency')].map(({ report }) => report.sizing.required));
      assert.deepEqual(await both(), [157, 25]);
      await page.type('arrival-rate', '100');
      assert.deepEqual(await both(), [313, 25]);
      const loaded = await page.requests();
      assert.equal(loaded.filter((path) => path.endsWith('.wasm')).length, 1, loaded.join(' '));
      // Where a bundler has put the calculator's scripts, they are the generator's to load.
      const own = loaded.filter((path) => path.includes('/proxy-concurrency/'));
      assert.deepEqual(own, [...new Set(own)], 'what was loaded twice');
    });
    await t.test('the static text is in the element, unseen once there is an answer', async () => {
      assert.deepEqual(await fallback(), Array(2).fill({ inside: 1, seen: false }));
    });
    if (site.darker) {
      await t.test("follows the site's own switch to dark and back", async () => {
        const seen = [];
        // Some switches have a third position, as the system is.
        for (const wanted of [false, true, false]) {
          for (let turns = 0; turns < 3 && (await page.ask(site.isDark)) !== wanted; turns++) await page.ask(site.darker, wanted);
          assert.equal(await page.ask(site.isDark), wanted, "the site's switch");
          const reached = wanted ? (light) => light < 0.25 : (light) => light > 0.75;
          await page.driver.wait(async () => reached(await lightness()), 2_000).catch(() => {});
          seen.push(reached(await lightness()));
        }
        assert.deepEqual(seen, [true, true, true], 'whether the calculator is light, dark, light');
      });
    }
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
