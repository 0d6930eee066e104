// A link that was shared once opens to the same case and the same answer for ever: one of each release and more.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { at } from '../src/vectors.mjs';
import { open } from './page.mjs';

const { attributes, rows } = JSON.parse(readFileSync(new URL('share-links.json', import.meta.url), 'utf8'));
const { version } = JSON.parse(readFileSync(new URL('../../web/package.json', import.meta.url), 'utf8'));

let page;
before(async () => (page = await open()));
after(() => page?.close());

/** Loads the page and puts an element with the attributes of these links in its place, at an address with this hash. */
async function follow(hash) {
  await page.load(`/${hash}`);
  await page.fresh(attributes);
  // Fields that panels bring come with their panel.
  await page.show('limits');
}

for (const { release, name, hash, scenario, answer } of rows) {
  test(`${release}: ${name}`, async () => {
    await follow(hash);
    const seen = await page.see();
    assert.deepEqual(seen.errors, {});
    assert.deepEqual(seen.scenario, scenario);
    const said = Object.fromEntries(Object.keys(answer).map((path) => [path, at(seen.report, path)]));
    assert.deepEqual(said, answer);
    // What is copied from there opens to the same case again, whatever it is called by then.
    await page.ask((el, shadow) => shadow.querySelector('footer button').click());
    await page.settle();
    await follow((await page.see()).hash);
    assert.deepEqual((await page.see()).scenario, scenario);
    assert.deepEqual(await page.complaints(), []);
  });
}

test('this release has a link', () => assert.ok(rows.some(({ release }) => release === version), `tests/browser/share-links.json has none of ${version}`));
