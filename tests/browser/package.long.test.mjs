// The npm package in an application: bundled as its documentation says, and read in a browser.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pack } from '../package/packed.mjs';
import { open } from './page.mjs';

const { build } = createRequire(new URL('../../web/package.json', import.meta.url))('esbuild');

let packed, page;
before(async () => {
  packed = pack();
  const out = join(packed.app, 'site');
  mkdirSync(out);
  await build({
    stdin: { contents: `import { loadEngine } from 'proxy-concurrency/engine';\nimport 'proxy-concurrency/define';\nloadEngine().then((engine) => { window.engine = engine; });`, resolveDir: packed.app },
    bundle: true, format: 'esm', splitting: true, minify: true, outdir: join(out, 'assets'), entryNames: 'app', logLevel: 'silent',
  });
  const lib = join(packed.folder, 'lib');
  // This bundler does not follow the Worker's address by itself.
  await build({ entryPoints: [join(lib, 'simulator-worker.js')], bundle: true, format: 'esm', minify: true, outdir: join(out, 'assets'), logLevel: 'silent' });
  for (const file of readdirSync(lib).filter((file) => file.endsWith('.wasm'))) cpSync(join(lib, file), join(out, 'assets', file));
  writeFileSync(join(out, 'index.html'), `<!doctype html><html lang="en"><head><title>Application</title><link rel="icon" href="data:,">
    <script type="module" src="assets/app.js"></script></head><body><proxy-concurrency arrival-rate="50" response-time="2.5" plan-tiers="50, 100, 200, 500"></proxy-concurrency></body></html>`);
  page = await open({ folder: out });
});
after(async () => {
  await page?.close();
  packed?.remove();
});

test('the element answers, its panels load, and the engine is one for both entries', async () => {
  await page.load();
  const { required, plan, report } = await page.see();
  assert.deepEqual([required, plan], ['157', '200']);
  for (const name of ['when-exceeded', 'limits']) {
    await page.show(name);
    assert.ok((await page.panel()).text.length > 100, name);
  }
  await page.until('window.engine');
  assert.deepEqual(await page.ask((el) => window.engine.report(el.scenario)), report);
  const asked = (await page.requests()).filter((path) => path.endsWith('.wasm'));
  assert.deepEqual(asked.sort(), ['', '_advice', '_exceeded'].map((name) => `/assets/proxy_concurrency${name}_bg.wasm`).sort());
  assert.deepEqual(await page.complaints(), []);
});
