// The vector files as attributes of the element in Chromium, every number of its report against the native core.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { at, differences, kebab, native, root, rows } from '../src/vectors.mjs';
import { open } from './page.mjs';

// The panels keep their engines to themselves: the same glue around the same wasm, for their numbers.
const { buildSync } = createRequire(new URL('../../web/package.json', import.meta.url))('esbuild');
const glues = Object.fromEntries(['exceeded', 'advice'].map((name) => {
  const entry = join(root, `web/pkg/${name}/proxy_concurrency_${name}.js`);
  return [name, buildSync({ entryPoints: [entry], bundle: true, format: 'esm', write: false, logLevel: 'error' }).outputFiles[0].text];
}));

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
  // All rows are one script: ten seconds where nothing else runs.
  await page.driver.manage().setTimeouts({ script: 200_000 });
  const all = rows();
  const asked = all.map(({ input }) => Object.entries(input).map(([name, value]) => [kebab(name), attribute(value)]));
  const answers = JSON.parse(await page.driver.executeAsyncScript(async (asked, glues, done) => {
    const load = async (name) => {
      const { default: init, ...module } = await import(URL.createObjectURL(new Blob([glues[name]], { type: 'text/javascript' })));
      await init({ module_or_path: fetch(`/parts/proxy_concurrency_${name}_bg.wasm`) });
      return module;
    };
    const [{ exceeded }, { limits, scale }] = [await load('exceeded'), await load('advice')];
    const answers = [];
    for (const attributes of asked) {
      const el = document.createElement('proxy-concurrency');
      for (const [name, value] of attributes) el.setAttribute(name, value);
      document.body.prepend(el);
      while (el.dataset.state === undefined || el.dataset.state === 'loading') await new Promise((next) => requestAnimationFrame(next));
      answers.push({ state: el.dataset.state, scenario: el.scenario, report: el.report && { ...el.report, exceeded: exceeded(el.scenario), limits: limits(el.scenario), scale: scale(el.scenario) } });
      el.remove();
    }
    done(JSON.stringify(answers, (_, x) => (Object.is(x, -0) ? '-0' : typeof x === 'number' && !Number.isFinite(x) ? String(x) : x)));
  }, asked, glues));
  assert.equal(answers.length, all.length);
  const wrong = all.flatMap(({ name, input, want, within }, i) => {
    const { state, scenario, report } = answers[i];
    if (state !== 'ready' || !report) return [`${name}: ${state}, no report`];
    const wanted = Object.entries(want).flatMap(([path, value]) => differences(at(report, path), value, `${name}: ${path}`, within));
    // A tier without a price may come as a bare number.
    return [...wanted, ...differences(scenario, input, `${name}: scenario`), ...differences(report, native(input).answer, name)];
  });
  assert.deepEqual(wrong, []);
  assert.deepEqual(await page.complaints(), []);
});
