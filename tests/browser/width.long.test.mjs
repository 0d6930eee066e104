// The element takes the room that its place has, also where the place asks it how wide it is.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open } from './page.mjs';

/** Styles of what it stands in, and its own. */
const PLACES = {
  'a block': ['', ''],
  'a figure as Material for MkDocs has it': ['width: fit-content; max-width: 100%; margin: 1em auto; display: flow-root', ''],
  'a float': ['', 'float: left'],
  'a line': ['', 'display: inline-block'],
  'a row': ['display: flex', ''],
  'a grid': ['display: grid', ''],
};

let page;
before(async () => {
  page = await open();
  await page.load();
});
after(() => page?.close());

for (const width of [1000, 600]) {
  for (const [name, [around, own]] of Object.entries(PLACES)) {
    test(`${width} px, ${name}`, async () => {
      await page.size(width, 900);
      const [room, taken, over] = await page.ask((el, shadow, around, own) => {
        document.querySelector('#place')?.replaceWith(el);
        const place = Object.assign(document.createElement('div'), { id: 'place' });
        [place.style.cssText, el.style.cssText] = [around, own];
        el.replaceWith(place);
        place.append(el);
        const { paddingLeft, paddingRight } = getComputedStyle(place.parentElement);
        const { clientWidth, scrollWidth } = document.documentElement;
        return [place.parentElement.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight), el.getBoundingClientRect().width, scrollWidth - clientWidth];
      }, around, own);
      assert.deepEqual([taken, over], [Math.min(820, room), 0]);
    });
  }
}
