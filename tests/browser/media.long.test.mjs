// What a reader's browser asks of the page: narrow windows, zoom, colours of its own, less motion, paper, right to left.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { lost, NOTHING } from './fit.mjs';
import { browser, open, UNTOLD } from './page.mjs';
import { LANGUAGES, reach, STATES } from './states.mjs';

let page;
before(async () => {
  page = await open();
  await page.load();
});
after(() => page?.close());
afterEach(async () => {
  if (!UNTOLD) await page.media();
  await page.size(1000, 900);
  assert.deepEqual(await page.complaints(), []);
});

test('what stands out or is cut off would be noticed', async () => {
  await reach(page, 'scale');
  const found = async (css) => {
    await page.ask((el, shadow, css) => {
      const text = Object.assign(document.createElement('div'), { textContent: 'x'.repeat(300) });
      text.style.cssText = `white-space: nowrap; ${css}`;
      shadow.querySelector('#panel').append(text);
    }, css);
    const { page: wide, out, cut } = await lost(page);
    await page.ask((el, shadow) => shadow.querySelector('#panel').lastElementChild.remove());
    return [out.length > 0, cut.length > 0, wide > 0];
  };
  assert.deepEqual((await found('width: 3000px'))[0], true);
  assert.deepEqual((await found('width: 100px; overflow: hidden'))[1], true);
});

const WINDOWS = [
  { name: '320 px', width: 320, height: 800 },
  // 1280 px at twice the size, which is what a browser's zoom of 200 % is to the page; at 400 % it has the 320 px.
  { name: 'zoomed to 200 %', width: 640, height: 512, ratio: 2 },
];
const languages = LANGUAGES.includes('ar') ? ['en', 'ar'] : ['en'];
for (const [i, { name, width, height, ratio }] of WINDOWS.entries()) {
  // Each with each in one browser; in the others, each once.
  for (const language of browser === 'chromium' ? languages : [languages[i % languages.length]]) {
    test(`nothing stands out or is cut off: ${name}, ${language}`, async (t) => {
      for (const state of Object.keys(STATES)) {
        await t.test(state, async () => {
          // Here, since what follows each test follows each part as well.
          await page.size(width, height, ratio);
          await reach(page, state, { language });
          assert.deepEqual(await lost(page), NOTHING);
          assert.equal(await page.ask((el, shadow) => shadow.querySelector('.card').lang), language);
        });
      }
    });
  }
}

test('English in a page from right to left keeps its place', async () => {
  await page.size(400, 800);
  for (const state of ['limits', 'protocol', 'configure']) {
    await reach(page, state);
    await page.ask(() => { document.documentElement.dir = 'rtl'; });
    await page.settle();
    assert.deepEqual(await lost(page), NOTHING, state);
  }
  await page.ask(() => { document.documentElement.dir = 'ltr'; });
});

/** How much a colour stands out from another, by WCAG. */
function contrast(a, b) {
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/[\d.]+/g).map(Number).map((x) => x / 255).map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

test('in colours of the reader’s own, lines and marks are to be seen, and what is chosen is told apart', { skip: UNTOLD }, async () => {
  for (const scheme of ['light', 'dark']) {
    await page.media({ forced: true, scheme });
    for (const state of ['response-time', 'protocol', 'when-exceeded', 'a slow spell']) {
      await reach(page, state);
      const { canvas, lines, focused, tab, other, segment } = await page.ask((el, shadow) => {
        const probe = document.createElement('div');
        probe.style.cssText = 'forced-color-adjust: none; color: Canvas';
        document.body.append(probe);
        const canvas = getComputedStyle(probe).color;
        probe.remove();
        shadow.querySelector('[name=arrival-rate]').focus();
        const style = (selector) => getComputedStyle(shadow.querySelector(selector));
        return {
          canvas,
          lines: [...shadow.querySelectorAll('svg :is(path, line, polyline):not(.grid)')].map((e) => [e.getAttribute('class'), getComputedStyle(e).stroke]).filter(([, stroke]) => stroke !== 'none'),
          focused: [style('[name=arrival-rate]').outlineStyle, style('[name=arrival-rate]').outlineColor],
          tab: style('[role=tab][aria-selected=true]').borderBlockEndColor, other: style('[role=tab][aria-selected=false]').borderBlockEndColor,
          segment: [style('.segments input:checked + span').outlineStyle, style('.segments input:not(:checked) + span').outlineStyle],
        };
      });
      assert.ok(lines.length > 1, state);
      for (const [name, stroke] of lines) assert.ok(contrast(stroke, canvas) >= 3, `${scheme} ${state} ${name}: ${stroke} on ${canvas}`);
      assert.notEqual(focused[0], 'none');
      assert.ok(contrast(focused[1], canvas) >= 3, focused[1]);
      assert.notEqual(tab, other, `${scheme}: the shown panel's tab is like the others`);
      assert.deepEqual(segment.map((line) => line !== 'none'), [true, false]);
    }
  }
});

test('nothing moves by itself, with less motion asked for and without', { skip: UNTOLD }, async () => {
  for (const motion of ['reduce', undefined]) {
    await page.media({ motion });
    await reach(page, 'all folds open');
    const moving = await page.ask((el, shadow) => [...shadow.querySelectorAll('*')]
      .filter((e) => getComputedStyle(e).animationName !== 'none' || parseFloat(getComputedStyle(e).transitionDuration) > 0 || getComputedStyle(e).scrollBehavior === 'smooth').map((e) => e.outerHTML.slice(0, 60)));
    if (motion === 'reduce') assert.deepEqual(moving, []);
    assert.deepEqual(await page.ask(() => document.getAnimations().filter(({ playState }) => playState === 'running').length), 0);
  }
});

test('on paper: what was asked and answered, no tabs and buttons, in ink', { skip: UNTOLD }, async () => {
  await page.size(720, 1000);
  for (const state of ['response-time', 'limits', 'a slow spell']) {
    await reach(page, state);
    await page.media({ print: true, scheme: 'dark' });
    const { shown, text } = await page.ask((el, shadow) => ({
      shown: Object.fromEntries(['[role=tab][aria-selected=false]', 'footer', '.more', '.inputs', '.answer', '#panel'].map((selector) => [selector, shadow.querySelector(selector)?.checkVisibility() ?? false])),
      text: shadow.querySelector('#panel').innerText,
    }));
    assert.deepEqual(shown, { '[role=tab][aria-selected=false]': false, footer: false, '.more': false, '.inputs': true, '.answer': true, '#panel': true }, state);
    assert.ok(text.length > 100);
    assert.deepEqual(await lost(page), NOTHING);
    const pdf = Buffer.from(await page.driver.printPage(), 'base64');
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
    await page.media();
  }
});

test('the system’s dark scheme is the page’s, unless it has its own', { skip: UNTOLD }, async () => {
  const dark = async () => {
    const [surface, text] = await page.ask((el, shadow) => [getComputedStyle(shadow.querySelector('.card')).backgroundColor, getComputedStyle(shadow.querySelector('.headline strong')).color]);
    assert.ok(contrast(surface, text) >= 7, `${text} on ${surface}`);
    return contrast(surface, 'rgb(0, 0, 0)') < contrast(surface, 'rgb(255, 255, 255)');
  };
  await reach(page, 'response-time');
  await page.media({ scheme: 'dark' });
  assert.equal(await dark(), true);
  await page.scheme('light');
  assert.equal(await dark(), false);
  await page.scheme('');
  await page.media({ scheme: 'light' });
  assert.equal(await dark(), false);
});
