// Pictures of the page that were looked at and kept: Chromium with Debian's fonts draws them again and compares.
//
//   node tests/browser/snapshots.mjs --write [WORD]    draws them (those with WORD in their name) into tests/browser/snapshots
//   node --test tests/browser/snapshots.long.test.mjs  compares
//
// After a change of looks: write them, look at each one, and commit those that are right.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { open } from './page.mjs';
import { LANGUAGES, reach } from './states.mjs';

const { PNG } = createRequire(new URL('../../web/package.json', import.meta.url))('pngjs');
export const folder = fileURLToPath(new URL('snapshots/', import.meta.url));

const WIDE = 820;
const NARROW = 360;
/**
 * Each with a state of states.mjs; each panel once at least, both schemes, both widths, and right to left. `only` is the piece
 * that is kept, where the rest is in another picture.
 */
const ALL = {
  'response-time': { state: 'response-time', width: WIDE },
  'response-time-dark': { state: 'response-time', width: WIDE, scheme: 'dark' },
  'response-time-narrow': { state: 'response-time', width: NARROW },
  'protocol-dark': { state: 'http/2', width: WIDE, scheme: 'dark', only: '#panel' },
  limits: { state: 'limits', width: WIDE, only: '#panel' },
  'limits-narrow-dark': { state: 'limits', width: NARROW, scheme: 'dark', only: '#panel' },
  'when-exceeded': { state: 'queue behind a cap', width: WIDE, only: '#panel' },
  simulated: { state: 'a slow spell', width: WIDE, only: '#simulated' },
  'simulated-narrow-dark': { state: 'a burst behind a queue', width: NARROW, scheme: 'dark', only: '#simulated' },
  configure: { state: 'configure', width: WIDE, only: '#panel' },
  scale: { state: 'no plan fits', width: WIDE },
  probe: { state: 'probe with lines', width: WIDE, only: '#panel' },
  wrong: { state: 'two fields wrong', width: WIDE, only: '.main' },
  folds: { state: 'all folds open', width: WIDE, only: '.main' },
  compare: { state: 'compared', width: WIDE },
  compact: { state: 'compact', width: NARROW },
  arabic: { state: 'response-time', width: WIDE, language: 'ar' },
  'arabic-narrow-dark': { state: 'protocol', width: NARROW, language: 'ar', scheme: 'dark', only: '#panel' },
  'japanese-narrow': { state: 'limits', width: NARROW, language: 'ja', only: '#panel' },
};
/** Those whose language has words by now. */
export const SNAPSHOTS = Object.fromEntries(Object.entries(ALL).filter(([, { language = 'en' }]) => LANGUAGES.includes(language)));

/** Draws the element, or a piece of it, into a PNG of the size that it takes. */
export async function draw(page, { state, width, scheme = 'light', language = 'en', only = '.card' }) {
  await page.size(width, 800);
  await page.scheme(scheme);
  await reach(page, state, { language });
  await page.ask(() => document.activeElement?.blur());
  const height = await page.ask((el) => Math.ceil(el.getBoundingClientRect().height));
  await page.size(width, height);
  return shot(page, only);
}

export async function shot(page, only = '.card') {
  await page.ask(() => scrollTo(0, 0));
  await page.settle();
  const all = PNG.sync.read(Buffer.from(await page.driver.takeScreenshot(), 'base64'));
  const { x, y, width, height } = await page.ask((el, shadow, only) => shadow.querySelector(only).getBoundingClientRect().toJSON(), only);
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const piece = new PNG({ width: Math.min(all.width - left, Math.ceil(width)), height: Math.min(all.height - top, Math.ceil(height)) });
  PNG.bitblt(all, piece, left, top, piece.width, piece.height, 0, 0);
  // 32 shades of each colour: soft edges of letters have so many others that a picture takes half as much again.
  piece.data.forEach((value, i) => { piece.data[i] = Math.round(((value >> 3) * 255) / 31); });
  return piece;
}

const HTML = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Snapshots</title><link rel="icon" href="data:,"><link rel="stylesheet" href="page.css">
<script type="module" src="proxy-concurrency.js"></script></head><body><proxy-concurrency></proxy-concurrency></body></html>`;

export async function opened() {
  const page = await open({ html: HTML });
  await page.load();
  // No caret blinks, and nothing depends on the system's fonts but on those that setup installs.
  await page.ask(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`proxy-concurrency { --pc-font: 'DejaVu Sans', 'Droid Sans Fallback'; --pc-mono: 'DejaVu Sans Mono'; caret-color: transparent; }`);
    document.adoptedStyleSheets.push(sheet);
  });
  return page;
}

/** Flat areas and letters: no filter and the default strategy make the smallest files. */
export const packed = (png) => PNG.sync.write(png, { colorType: 2, inputHasAlpha: true, deflateLevel: 9, deflateStrategy: 0, filterType: 0 });

async function write(word) {
  mkdirSync(folder, { recursive: true });
  const page = await opened();
  try {
    for (const [name, look] of Object.entries(SNAPSHOTS).filter(([name]) => name.includes(word))) {
      const png = await draw(page, look);
      writeFileSync(join(folder, `${name}.png`), packed(png));
      console.log(`${name}: ${png.width} × ${png.height}`);
    }
  } finally {
    await page.close();
  }
  for (const file of readdirSync(folder)) if (!(basename(file, '.png') in ALL)) rmSync(join(folder, file));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] !== '--write') {
    console.error('snapshots: --write [WORD] writes them; tests/browser/run compares');
    process.exit(2);
  }
  await write(process.argv[3] ?? '');
}
