// The panel "Scale": credentials, traffic, and the plans to buy together.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { open } from './page.mjs';

let page;
before(async () => (page = await open()));
after(() => page?.close());
beforeEach(async () => {
  await page.load();
  await page.show('scale');
});
afterEach(async () => assert.deepEqual(await page.complaints(), []));

test('the article’s 100 connections of 1 MB and 1 s are 100 MB/s and 360 GB an hour', async () => {
  await page.type('arrival-rate', '100');
  await page.type('response-time', '1');
  await page.type('response-size', '1000');
  await page.type('reduced-after-traffic', '5000');
  const { rows, text, wide } = await page.panel();
  assert.deepEqual([rows['MB/s'][0], rows['Mbit/s'][0], rows['GB per hour'][0], rows['GB in 30 days'][0]], ['100', '800', '360', '259,200']);
  // 5000 GB at 360 GB an hour.
  assert.match(text, /The cap drops after 13\.9\sh/);
  assert.ok(wide <= 1, `${wide} px too wide`);
});

test('credentials add up, or share one cap', async () => {
  await page.paste('plan-tiers', '50, 100');
  assert.match((await page.panel()).text, /100 together do not hold 157\. It takes 2 credentials of 100/);
  await page.type('credentials', '2');
  let { rows, text } = await page.panel();
  assert.deepEqual([rows['Cap of all credentials'], rows['Credentials that hold it'], rows['Each credential must hold']], [['200'], ['2'], ['79']]);
  assert.doesNotMatch(text, /do not hold/);
  await page.choose('credential-sharing', 'split');
  ({ rows, text } = await page.panel());
  assert.deepEqual([rows['Cap of each credential'], rows['Cap of all credentials']], [['50'], ['100']]);
  assert.match(text, /More credentials share the same cap/);
  const { hash } = await page.see();
  assert.match(hash, /credentials=2/);
  assert.match(hash, /credential-sharing=split/);
});

test('plans with prices make the cheapest mix', async () => {
  await page.paste('plan-tiers', '50 at 20, 100 at 30, 200 at 75');
  const { rows, headings } = await page.panel();
  assert.ok(headings.includes('Cheapest plans together'));
  // Two of 100 for 60 are cheaper than one of 200 for 75, or 100 and two of 50 for 70.
  assert.deepEqual(rows['100'], ['2', '60', '200']);
  assert.deepEqual(rows.Together, ['2', '60', '200']);
});

test('what is wrong is told beside its field, and the panel keeps its last answer', async () => {
  const { rows } = await page.panel();
  await page.type('credentials', '1.5');
  const { errors } = await page.see();
  assert.match(errors.credentials, /^Must be a whole number from 1 to 1,000,000, not 1\.5\.$/);
  assert.deepEqual((await page.panel()).rows, rows);
  await page.type('credentials', '3');
  assert.deepEqual((await page.see()).errors, {});
});
