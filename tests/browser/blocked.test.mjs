// Where a site's policy blocks WebAssembly, the static text stays and a plain line says why.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open } from './page.mjs';

let page;
before(async () => (page = await open({ headers: { 'content-security-policy': "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:" } })));
after(() => page?.close());

test('without WebAssembly the static answer stays readable and a line says why', async () => {
  await page.load('/', 'unavailable');
  const { slotted, notice } = await page.ask((el, shadow) => ({ slotted: el.querySelector('p').getBoundingClientRect().height, notice: shadow.textContent }));
  assert.ok(slotted > 0, 'the static text is hidden');
  assert.match(notice, /WebAssembly/);
});
