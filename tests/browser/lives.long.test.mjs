// An element's life in a page: taken out and put back, moved, cloned, two at a time; and what is not started before it is needed.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { open } from './page.mjs';

let page;
before(async () => (page = await open()));
after(() => page?.close());
beforeEach(() => page.load());
afterEach(async () => assert.deepEqual(await page.complaints(), []));

const wasm = async () => (await page.requests()).filter((name) => name.endsWith('.wasm')).length;

test('a visit to another page and back keeps what was typed, and answers once', async () => {
  await page.type('arrival-rate', '80');
  await page.ask((el) => {
    window.heard = 0;
    document.addEventListener('change', (event) => { if (event.detail) window.heard += 1; });
    // Routers take a page out and put it in more than once a visit.
    const place = el.parentElement;
    for (let i = 0; i < 4; i += 1) {
      el.remove();
      place.append(el);
    }
  });
  await page.settle();
  assert.equal((await page.see()).required, '250');
  await page.type('response-time', '2');
  assert.deepEqual([(await page.see()).required, await page.ask(() => window.heard), await wasm()], ['200', 1, 1]);
});

test('an element that was away hears the address and the theme again', async () => {
  await page.ask((el) => {
    const place = el.parentElement;
    el.remove();
    location.hash = '#arrival-rate=10';
    document.documentElement.style.colorScheme = 'dark';
    place.append(el);
  });
  await page.until(`document.querySelector('proxy-concurrency').scenario.arrivalRate === 10`);
  await page.settle();
  assert.equal(await page.ask((el, shadow) => shadow.querySelector('.card').classList.contains('dark')), true);
});

test('moving it within the page loses nothing', async () => {
  await page.show('configure');
  await page.paste('proxy-url', 'http://me:secret@proxy.example:1');
  await page.type('response-time', 'x');
  await page.ask((el) => document.body.append(el));
  await page.settle();
  const { texts, errors } = await page.see();
  assert.deepEqual([texts['proxy-url'], texts['response-time'], Object.keys(errors)], ['http://me:secret@proxy.example:1', 'x', ['response-time']]);
});

test('two elements share one engine and keep apart by their ids', async () => {
  await page.ask((el) => {
    const other = document.createElement('proxy-concurrency');
    other.id = 'second';
    other.setAttribute('arrival-rate', '10');
    other.setAttribute('response-time', '1');
    el.after(other);
    other.scrollIntoView();
  });
  await page.until(`document.querySelector('#second').dataset.state === 'ready'`);
  await page.type('arrival-rate', '80');
  await page.ask(() => {
    const field = document.querySelector('#second').shadowRoot.querySelector('[name=arrival-rate]');
    field.value = '20';
    field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  });
  await page.until(`location.hash.includes('second')`);
  assert.deepEqual([(await page.see()).hash.slice(1).split('&').sort(), await wasm()], [['arrival-rate=80', 'second.arrival-rate=20'], 1]);
});

test('a clone begins with the attributes, not with what was typed', async () => {
  await page.type('arrival-rate', '80');
  await page.ask((el) => {
    const clone = el.cloneNode(true);
    clone.id = 'clone';
    el.replaceWith(clone);
  });
  await page.until(`document.querySelector('#clone').report`);
  assert.equal((await page.see()).required, '157');
});

/** Puts an element far below what is in sight, in place of the page's own. */
const far = () => page.ask((el) => {
  el.remove();
  const space = document.createElement('div');
  space.style.height = '4000px';
  document.body.prepend(space);
  document.body.append(document.createElement('proxy-concurrency'));
});

test('nothing is started before it is near', async () => {
  await far();
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.deepEqual(await page.ask((el) => [el.dataset.state, el.report]), ['loading', null]);
  await page.ask((el) => el.scrollIntoView());
  await page.until(`document.querySelector('proxy-concurrency').dataset.state === 'ready'`);
});

test('printing starts what is far away', async () => {
  await far();
  await page.settle();
  assert.equal(await page.ask((el) => el.dataset.state), 'loading');
  await page.driver.executeScript(`dispatchEvent(new Event('beforeprint'))`);
  await page.until(`document.querySelector('proxy-concurrency').dataset.state === 'ready'`);
});

test('the focus stays where it is while answers, errors and panels change', async () => {
  const focused = () => page.ask((el, shadow) => shadow.activeElement?.name);
  await page.type('arrival-rate', 'x');
  assert.equal(await focused(), 'arrival-rate');
  await page.type('arrival-rate', '70');
  assert.equal(await focused(), 'arrival-rate');
  // A field that an error has brought to light stays when it is mended.
  await page.load('/?fold#destinations=x');
  await page.type('destinations', '4');
  assert.deepEqual([await focused(), (await page.see()).errors, await page.ask((el, shadow) => shadow.querySelector('#more').hidden)], ['destinations', {}, false]);
});
