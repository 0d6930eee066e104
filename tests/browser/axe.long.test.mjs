// axe-core finds nothing to complain of in any state of the page, light and dark, from left to right and from right to left.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { open } from './page.mjs';
import { LANGUAGES, reach, STATES } from './states.mjs';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// As an article has it: the element's headings are of the third level, below one of the second.
const HTML = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sizing</title><link rel="icon" href="data:,"><link rel="stylesheet" href="page.css">
<script type="module" src="proxy-concurrency.js"></script></head><body><main><h1>Connections</h1><h2>How many?</h2><proxy-concurrency></proxy-concurrency></main></body></html>`;

let page;
before(async () => {
  page = await open({ html: HTML });
  await page.load();
  // Into the page itself, not into what the driver runs scripts in.
  await page.ask((el, shadow, source) => {
    const script = document.createElement('script');
    script.textContent = source;
    document.head.append(script);
  }, AXE);
});
after(() => page?.close());

/** What axe says of the element, each complaint with its first places. */
async function complaints() {
  const { error, violations } = JSON.parse(await page.driver.executeAsyncScript((tags, done) => {
    window.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })
      .then(({ violations }) => done(JSON.stringify({ violations })), (error) => done(JSON.stringify({ error: String(error) })));
  }, TAGS));
  assert.equal(error, undefined);
  return violations.map(({ id, help, nodes }) => `${id} (${help}): ${nodes.slice(0, 3).map(({ target, any }) => `${target.flat().at(-1)} ${any[0]?.message ?? ''}`).join('; ')} [${nodes.length}]`);
}

test('axe would find something', async () => {
  await page.ask((el) => el.insertAdjacentHTML('afterend', '<img id="nameless" src="data:,">'));
  assert.match((await complaints()).join('\n'), /image-alt.*#nameless/);
  await page.ask(() => document.querySelector('#nameless').remove());
});

// Each state in two looks: together they have both schemes, both directions, wide and narrow.
const LOOKS = [
  { name: 'light, English, wide', scheme: 'light', language: 'en', width: 1000 },
  { name: 'dark, Arabic, narrow', scheme: 'dark', language: LANGUAGES.includes('ar') ? 'ar' : 'en', width: 400 },
];
for (const { name: look, scheme, language, width } of LOOKS) {
  test(`nothing in any state: ${look}`, async (t) => {
    await page.size(width, 900);
    await page.scheme(scheme);
    for (const state of Object.keys(STATES)) {
      await t.test(state, async () => {
        await reach(page, state, { language });
        assert.deepEqual(await complaints(), []);
      });
    }
  });
}
