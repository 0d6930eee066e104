// Every language in every look: all is there, in its place, and said in that language.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { lost, NOTHING } from './fit.mjs';
import { browser, open } from './page.mjs';
import { LANGUAGES, PANELS, reach } from './states.mjs';

let page;
before(async () => {
  page = await open();
  await page.load();
});
after(() => page?.close());

const LOOKS = [[[820, 'light'], [360, 'dark']], [[820, 'dark'], [360, 'light']]];
for (const [i, language] of LANGUAGES.entries()) {
  // All four in one browser; in the others two, wide and narrow, light and dark: a colour moves no word.
  for (const [width, scheme] of browser === 'chromium' ? LOOKS.flat() : LOOKS[i % 2]) {
    test(`${language}, ${width} px, ${scheme}`, async () => {
      await page.size(width, 900);
      await page.scheme(scheme);
      for (const state of PANELS) {
        await reach(page, state, { language });
        assert.deepEqual(await lost(page), NOTHING, state);
        const { text, lang } = await page.ask((el, shadow) => {
          const card = shadow.querySelector('.card');
          // Programs may say what they like.
          const programs = [...card.querySelectorAll('pre')].map((pre) => pre.innerText);
          return { text: programs.reduce((text, program) => text.replace(program, ''), card.innerText), lang: card.lang };
        });
        assert.equal(lang, language, state);
        assert.doesNotMatch(text, /\bundefined\b|\bnull\b|NaN|\[object|\{\w+\}/, state);
      }
      assert.deepEqual(await page.complaints(), []);
    });
  }
}
