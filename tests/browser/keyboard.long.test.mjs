// The keyboard alone reaches everything, in the order in which it stands, sees where it is, and works it.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { Key, open } from './page.mjs';
import { simulated } from './simulation.mjs';
import { LANGUAGES, PANELS } from './states.mjs';

const HTML = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Keyboard</title><link rel="icon" href="data:,"><link rel="stylesheet" href="page.css">
<script type="module" src="proxy-concurrency.js"></script></head><body><main><button id="before">Before</button>
<proxy-concurrency arrival-rate="50" response-time="2.5" response-time-p95="8" plan-tiers="50, 100, 200"></proxy-concurrency><button id="after">After</button></main></body></html>`;

let page;
before(async () => (page = await open({ html: HTML, height: 1000 })));
after(() => page?.close());
beforeEach(() => page.load());
afterEach(async () => assert.deepEqual(await page.complaints(), []));

const forward = () => page.press(Key.TAB);
const back = () => page.chord(Key.SHIFT, Key.TAB);
/** Goes to the button before or after the element. */
const leave = (id) => page.ask((el, shadow, id) => document.getElementById(id).focus(), id);

/** Where the focus is, and whether it is to be seen: an outline of two pixels, of its own or of what stands for it, within the window. */
const here = () => page.ask((el, shadow) => {
  const at = shadow.activeElement;
  if (!at) return { outside: document.activeElement.id || document.activeElement.localName };
  const { top, bottom, left, right } = at.getBoundingClientRect();
  const drawn = [at, at.nextElementSibling].filter(Boolean).map((e) => getComputedStyle(e)).filter(({ outlineStyle }) => outlineStyle !== 'none');
  return {
    id: at.id || at.name || at.textContent.trim().slice(0, 40) || at.className, place: [...shadow.querySelectorAll('*')].indexOf(at),
    outline: Math.max(0, ...drawn.map(({ outlineWidth }) => parseFloat(outlineWidth))), scrolled: at.tagName === 'DIV' && !at.hasAttribute('tabindex'),
    inside: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
  };
});

/** All that can be worked, in the order in which it stands: of a group of radio buttons and of the tabs, the chosen one. */
const controls = () => page.ask((el, shadow) => [...shadow.querySelectorAll('button, input, select, textarea, summary, a[href], [tabindex="0"]')]
  .filter((e) => e.checkVisibility() && !e.disabled && e.tabIndex >= 0 && !(e.type === 'radio' && !e.checked))
  .map((e) => [...shadow.querySelectorAll('*')].indexOf(e)));

/** Every place that Tab comes by until it leaves the element. */
async function walk(go) {
  const places = [];
  for (let step = 0; step < 120; step += 1) {
    await go();
    const at = await here();
    if (at.outside) return { places, outside: at.outside };
    assert.ok(at.outline >= 2, `no outline to be seen at ${JSON.stringify(at)}`);
    assert.ok(at.inside, `out of sight: ${JSON.stringify(at)}`);
    places.push(at);
  }
  throw new Error(`no way out: ${JSON.stringify(places.slice(-3))}`);
}
// Browsers let the keyboard into what scrolls, too.
const worked = (places) => places.filter(({ scrolled }) => !scrolled).map(({ place }) => place);

test('Tab reaches every control in order and leaves, and so does Shift+Tab', async () => {
  await page.ask((el, shadow) => shadow.querySelector('.more').click());
  await page.show('limits');
  await page.ask((el, shadow) => shadow.querySelectorAll('details').forEach((details) => { details.open = true; }));
  await page.settle();
  const all = await controls();
  assert.ok(all.length > 40, `${all.length} controls`);
  await leave('before');
  const there = await walk(forward);
  assert.deepEqual([worked(there.places), there.outside], [all, 'after']);
  await leave('after');
  const again = await walk(back);
  assert.deepEqual([worked(again.places), again.outside], [all.toReversed(), 'before']);
});

test('each panel’s controls are reached after its tab', async () => {
  for (const name of PANELS) {
    await page.show(name);
    if (name === 'when-exceeded') await simulated(page);
    await page.ask((el, shadow, name) => shadow.querySelector(`#tab-${name}`).focus(), name);
    const { places, outside } = await walk(forward);
    const tab = await page.ask((el, shadow, name) => [...shadow.querySelectorAll('*')].indexOf(shadow.querySelector(`#tab-${name}`)), name);
    assert.deepEqual([worked(places), outside], [(await controls()).filter((place) => place > tab), 'after'], name);
  }
});

test('sliders, segments, the fold and the buttons are worked by keys', async () => {
  const focus = (selector) => page.ask((el, shadow, selector) => shadow.querySelector(selector).focus(), selector);
  const { texts: first } = await page.see();
  await focus('[type=range]');
  await page.press(Key.ARROW_RIGHT, Key.ARROW_RIGHT);
  let seen = await page.see();
  assert.ok(seen.scenario.responseTime > Number(first['response-time']), seen.texts['response-time']);
  await page.press(Key.END);
  assert.equal((await page.see()).scenario.responseTime, 100);
  await page.press(Key.HOME);
  assert.equal((await page.see()).scenario.responseTime, 0.05);

  await focus('[name=inner-http]:checked');
  await page.press(Key.ARROW_RIGHT);
  assert.equal((await page.see()).scenario.innerHttp, '2');

  await focus('.more');
  await page.press(Key.ENTER);
  assert.equal(await page.ask((el, shadow) => shadow.querySelector('.more').getAttribute('aria-expanded')), 'true');
  assert.ok(await page.ask((el, shadow) => shadow.querySelector('#more select').checkVisibility()));
  await page.press(Key.SPACE);
  assert.equal(await page.ask((el, shadow) => shadow.querySelector('.more').getAttribute('aria-expanded')), 'false');

  await focus('[name=over-limit]');
  await page.press(Key.ARROW_DOWN);
  if ((await page.see()).scenario.overLimit !== 'queue') await page.press(Key.ENTER);
  assert.equal((await page.see()).scenario.overLimit, 'queue');

  await focus('[role=tab][aria-selected=true]');
  await page.press(Key.END);
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.activeElement?.id === 'tab-probe'`);
  await page.press(Key.HOME);
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.activeElement?.id === 'tab-response-time'`);

  const { scenario: worked } = await page.see();
  await focus('footer button:last-of-type');
  await page.press(Key.ENTER);
  seen = await page.see();
  assert.deepEqual([seen.hash, seen.texts['response-time']], ['', '2.5']);
  // And back again, from the same place.
  await page.press(Key.ENTER);
  assert.deepEqual((await page.see()).scenario, worked);
});

test('in a language that reads from right to left, the left arrow goes on', { skip: !LANGUAGES.includes('ar') && 'there are no Arabic words yet' }, async () => {
  await page.fresh({ 'arrival-rate': '50', 'response-time': '2.5' }, 'ar');
  await page.ask((el, shadow) => shadow.querySelector('[role=tab]').focus());
  await page.press(Key.ARROW_LEFT);
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.activeElement?.id === 'tab-${PANELS[1]}'`);
});

test('the answer is announced after a pause, once, however often the slider moved', async () => {
  await page.ask((el, shadow) => {
    window.said = [];
    // What is read out: live regions, but for the messages of fields.
    for (const region of shadow.querySelectorAll('output[aria-live], [role=status]')) {
      new MutationObserver(() => window.said.push(region.textContent.trim())).observe(region, { childList: true, characterData: true, subtree: true });
    }
    shadow.querySelector('[type=range]').focus();
  });
  // As a hand moves it: a driver may take longer over a key than the pause is.
  await page.ask((el, shadow) => {
    const slider = shadow.querySelector('[type=range]');
    for (let step = 1; step <= 20; step += 1) {
      setTimeout(() => {
        slider.stepUp();
        slider.dispatchEvent(new InputEvent('input', { bubbles: true }));
      }, 10 * step);
    }
  });
  await page.until(`document.querySelector('proxy-concurrency').scenario.responseTime > 15`, 'twenty steps of a tenth of a power of e');
  await page.until(`window.said.at(-1)?.includes(document.querySelector('proxy-concurrency').shadowRoot.querySelector('[data-required]').textContent)`, 'an announcement');
  const { said: all, required } = await page.ask((el, shadow) => ({ said: window.said, required: shadow.querySelector('[data-required]').textContent }));
  // It is emptied before, so that the same words would be read again.
  const said = [...new Set(all.filter(Boolean))];
  assert.equal(said.length, 1, said.join(' | '));
  assert.ok(said[0].includes(required), `${said[0]} does not have ${required}`);
});
