// The vector files as attributes of the element in Chromium, every number of its report against the native core.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFileSync } from 'node:fs';
import { at, differences, kebab, native, rows } from '../src/vectors.mjs';
import { open } from './page.mjs';

// The panel keeps its engine to itself: the same glue around the same wasm, for its numbers.
const glue = readFileSync(new URL('../../web/pkg/exceeded/proxy_concurrency_exceeded.js', import.meta.url), 'utf8');

let page;
before(async () => (page = await open()));
after(() => page?.close());

/** A Scenario's value as an author writes it into an attribute. */
function attribute(value) {
  if (!Array.isArray(value)) return String(value);
  return value.map((item) => (typeof item === 'object' ? `${item.size} at ${item.price}` : String(item))).join(', ');
}

test('every row as attributes gives exactly what it wants, and native’s answer to the last bit', async () => {
  await page.load();
  const all = rows();
  const asked = all.map(({ input }) => Object.entries(input).map(([name, value]) => [kebab(name), attribute(value)]));
  const answers = JSON.parse(await page.driver.executeAsyncScript(async (asked, glue, done) => {
    const { default: init, exceeded } = await import(URL.createObjectURL(new Blob([glue], { type: 'text/javascript' })));
    await init({ module_or_path: fetch('/proxy_concurrency_exceeded_bg.wasm') });
    const answers = [];
    for (const attributes of asked) {
      const el = document.createElement('proxy-concurrency');
      for (const [name, value] of attributes) el.setAttribute(name, value);
      document.body.prepend(el);
      while (el.dataset.state === undefined || el.dataset.state === 'loading') await new Promise((next) => requestAnimationFrame(next));
      answers.push({ state: el.dataset.state, scenario: el.scenario, report: el.report && { ...el.report, exceeded: exceeded(el.scenario) } });
      el.remove();
    }
    done(JSON.stringify(answers, (_, x) => (Object.is(x, -0) ? '-0' : typeof x === 'number' && !Number.isFinite(x) ? String(x) : x)));
  }, asked, glue));
  assert.equal(answers.length, all.length);
  const wrong = all.flatMap(({ name, input, want, within }, i) => {
    const { state, scenario, report } = answers[i];
    if (state !== 'ready' || !report) return [`${name}: ${state}, no report`];
    const wanted = Object.entries(want).flatMap(([path, value]) => differences(at(report, path), value, `${name}: ${path}`, within));
    const { limits, scale, ...same } = native(input).answer;
    // A tier without a price may come as a bare number.
    return [...wanted, ...differences(scenario, input, `${name}: scenario`), ...differences(report, same, name)];
  });
  assert.deepEqual(wrong, []);
  assert.deepEqual(await page.complaints(), []);
});
