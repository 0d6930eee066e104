// The page looks as it did when the kept pictures were looked at. See snapshots.mjs.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import { browser } from './browsers.mjs';
import { draw, folder, opened, packed, shot, SNAPSHOTS } from './snapshots.mjs';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { PNG } = require('pngjs');
const { default: pixelmatch } = await import(pathToFileURL(require.resolve('pixelmatch')));

/** Pixels that may differ by more than a shade: one in two thousand, for edges that another processor rounds otherwise. */
const DIFFERENT = 1 / 2000;

/** The pictures are Chromium's; how another browser draws letters is not the page's affair. */
const skip = browser !== 'chromium';

let page;
let failed;
before(async () => {
  if (!skip) page = await opened();
});
after(() => page?.close());

/** How many pixels differ, and a picture of where. */
function compared(before, now) {
  const difference = new PNG({ width: now.width, height: now.height });
  const different = pixelmatch(before.data, now.data, difference.data, now.width, now.height, { threshold: 0.1 });
  return { different, difference };
}

for (const [name, look] of Object.entries(SNAPSHOTS)) {
  test(`${name} looks as it was kept`, { skip }, async () => {
    const file = join(folder, `${name}.png`);
    assert.ok(existsSync(file), `there is no picture ${name}: node tests/browser/snapshots.mjs --write ${name}`);
    const [before, now] = [PNG.sync.read(readFileSync(file)), await draw(page, look)];
    const keep = (what, png) => {
      failed ??= mkdtempSync(join(tmpdir(), 'proxy-concurrency-pictures-'));
      writeFileSync(join(failed, `${name}-${what}.png`), packed(png));
      return failed;
    };
    if (before.width !== now.width || before.height !== now.height) {
      assert.fail(`it is ${now.width} × ${now.height}, not ${before.width} × ${before.height}; see ${keep('now', now)}`);
    }
    const { different, difference } = compared(before, now);
    if (different > DIFFERENT * now.width * now.height) {
      keep('now', now);
      assert.fail(`${different} of ${now.width * now.height} pixels differ; see ${keep('difference', difference)}`);
    }
  });
}

test('a changed word would be noticed', { skip }, async () => {
  const name = Object.keys(SNAPSHOTS)[0];
  const now = await draw(page, SNAPSHOTS[name]);
  await page.ask((el, shadow) => { shadow.querySelector('[data-required]').textContent = '158'; });
  const { different } = compared(now, await shot(page, SNAPSHOTS[name].only));
  assert.ok(different > 0, 'the two are alike');
});

test('every kept picture is of something, and they are small', { skip }, () => {
  const kept = readdirSync(folder);
  assert.deepEqual(kept.map((file) => file.replace('.png', '')).sort(), Object.keys(SNAPSHOTS).sort());
  const bytes = kept.reduce((sum, file) => sum + readFileSync(join(folder, file)).length, 0);
  assert.ok(bytes < 1.7e6, `${bytes} bytes`);
});
