// The panel "Configure": a program for each client that keeps to the cap; what is typed into it stays on the page.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { Key, open } from './page.mjs';

let page;
before(async () => (page = await open()));
after(() => page?.close());
beforeEach(async () => {
  await page.load();
  await page.show('configure');
});
afterEach(async () => assert.deepEqual(await page.complaints(), []));

const CLIENTS = ['requests', 'aiohttp', 'httpx', 'scrapy', 'undici', 'node-fetch', 'go', 'reqwest', 'curl', 'playwright', 'haproxy'];
const SECRET = 'http://reader:s3cr%22t\'$x@proxy.test:3128';

const pick = async (client) => {
  await page.ask((el, shadow, client) => shadow.querySelector(`#panel input[value="${client}"]`).click(), client);
  await page.settle();
};
const code = () => page.ask((el, shadow) => [...shadow.querySelectorAll('#panel pre code')].map((e) => e.textContent));
/** Copies the first file, with this in place of the browser's clipboard. */
const copy = async (write) => {
  await page.ask((el, shadow, write) => {
    window.copied = undefined;
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: eval(write) } });
    shadow.querySelector('#panel .below button').click();
  }, write);
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#panel .below [role=status]').textContent`);
  return page.ask((el, shadow) => ({
    copied: window.copied, told: shadow.querySelector('#panel .below [role=status]').textContent, selected: String(shadow.getSelection?.() ?? getSelection()),
  }));
};

test('the article’s case: a program that keeps to 157, with its versions and what it does not cap', async () => {
  const [text] = await code();
  assert.match(text, /\b157\b/);
  assert.match(text, /import requests/);
  const { text: words, wide } = await page.panel();
  assert.match(words, /requests 2\.\d+.*urllib3/);
  assert.match(words, /At most 157 connections open at the proxy/);
  assert.ok(wide <= 1, `${wide} px too wide`);
});

test('every client has a program with the cap in it; the arrow keys move between them', async () => {
  const seen = new Set();
  for (const client of CLIENTS) {
    await pick(client);
    const files = await code();
    assert.ok(files.length >= 1 && files[0].length > 200, client);
    assert.match(files.join('\n'), /\b157\b/, client);
    seen.add(files[0]);
    assert.equal(await page.ask((el, shadow) => shadow.querySelector('#panel input[name=client]:checked').value), client);
  }
  assert.equal(seen.size, CLIENTS.length);
  const first = await page.driver.executeScript(`const field = document.querySelector('proxy-concurrency').shadowRoot.querySelector('#panel input[value=requests]'); field.focus(); field.click(); return field;`);
  await first.sendKeys(Key.ARROW_RIGHT);
  await page.settle();
  assert.match((await code())[0], /import aiohttp/);
  const names = await page.ask((el, shadow) => [...shadow.querySelectorAll('#panel input[name=client]')].map((e) => [e.value, e.name, e.labels[0].textContent]));
  assert.deepEqual(names.map(([value]) => value), CLIENTS);
});

test('the cap is what is in flight, whatever the plan counts, and not one more for a product that is a little above', async () => {
  for (const [name, text] of [['arrival-rate', '100'], ['response-time', '1'], ['headroom', '10']]) await page.type(name, text);
  await page.choose('plan-counts', 'open-connections');
  assert.match((await code())[0], /^CAP = 110$/m);
});

test('the cap follows the form, and gives way to one of its own', async () => {
  await page.type('arrival-rate', '10');
  assert.match((await code())[0], /\b32\b/);
  await page.ask((el, shadow) => {
    const field = shadow.querySelector('#panel [name=cap]');
    field.value = '8';
    field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  });
  await page.settle();
  assert.match((await page.panel()).text, /At most 8 connections/);
  // It is the panel's, not the scenario's.
  const { scenario, hash } = await page.see();
  assert.deepEqual([scenario.cap, /cap=/.test(hash)], [undefined, false]);
});

test('the proxy’s credentials are in the program alone, and stay while other panels are shown', async () => {
  await page.paste('proxy-url', SECRET);
  await page.paste('urls', 'https://a.test/x\nhttps://b.test/');
  await page.type('arrival-rate', '60');
  const [text] = await code();
  for (const part of ['reader', 'proxy.test:3128', 'https://a.test/x', 'https://b.test/']) assert.ok(text.includes(part), part);
  await page.show('scale');
  await page.show('configure');
  assert.deepEqual(await code(), [text]);
  const json = await page.ask((el, shadow) => {
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async (text) => { window.copied = text; } } });
    shadow.querySelectorAll('footer button')[1].click();
    return window.copied;
  });
  const { scenario, hash } = await page.see();
  const address = await page.ask(() => location.href);
  for (const shared of [json, hash, address, JSON.stringify(scenario)]) {
    assert.ok(shared.length > 0);
    assert.doesNotMatch(shared, /reader|s3cr|proxy\.test|a\.test/);
  }
  assert.deepEqual(await page.ask(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, '']);
});

test('what is wrong is told beside its field, stays, and never becomes code or markup', async () => {
  const [good] = await code();
  for (const [name, hostile] of [
    ['proxy-url', '"; import os; os.system("true") #'], ['proxy-url', '<img src=x onerror=alert(1)>'], ['proxy-url', 'ftp://proxy.test'],
    ['urls', 'javascript:alert(1)'], ['urls', 'https://a.test/\u2028"+alert(1)+"'], ['cap', '0'], ['cap', 'many'],
  ]) {
    await page.ask((el, shadow, name, hostile) => {
      const field = shadow.querySelector(`#panel [name="${name}"]`);
      field.value = hostile;
      field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    }, name, hostile);
    await page.settle();
    const { errors, kept, image } = await page.ask((el, shadow, name) => ({
      errors: Object.fromEntries([...shadow.querySelectorAll('#panel [data-error]')].map((e) => [e.dataset.error, e.textContent]).filter(([, text]) => text)),
      kept: shadow.querySelector(`#panel [name="${name}"]`).value, image: shadow.querySelector('img'),
    }), name);
    assert.deepEqual(Object.keys(errors), [name], `${name} ${hostile}`);
    assert.match(errors[name], /^Must /);
    assert.deepEqual([kept, image], [hostile, null]);
    assert.deepEqual(await code(), [good], 'the last good program is gone');
    await page.ask((el, shadow, name) => {
      const field = shadow.querySelector(`#panel [name="${name}"]`);
      field.value = '';
      field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    }, name);
    await page.settle();
  }
  assert.deepEqual((await page.see()).errors, {});
});

test('a copy is the whole program; where copying is refused it is selected', async () => {
  const [text] = await code();
  let { copied, told } = await copy('async (text) => { window.copied = text; }');
  assert.deepEqual([copied, told], [text, 'Copied.']);
  let selected;
  ({ copied, told, selected } = await copy('async () => { throw new DOMException("refused", "NotAllowedError"); }'));
  assert.deepEqual([copied], [undefined]);
  assert.match(told, /Ctrl\+C/);
  assert.equal(selected.trim().replaceAll('\r', ''), text.trim());
});

test('settings that do not cap are found out, with the reason', async () => {
  const own = async (name, text) => {
    await page.ask((el, shadow, name, text) => {
      const field = shadow.querySelector(`#panel .settings [name="${name}"]`);
      field.value = text;
      field.dispatchEvent(new Event(field.tagName === 'SELECT' ? 'change' : 'input', { bubbles: true, composed: true }));
    }, name, text);
    await page.settle();
  };
  const seen = () => page.ask((el, shadow) => ({
    sockets: shadow.querySelector('[data-sockets]').dataset.sockets, text: shadow.querySelector('.settings').textContent.replace(/\s+/g, ' '),
    errors: [...shadow.querySelectorAll('#panel .settings [data-error]')].map((e) => e.textContent).filter(Boolean), open: shadow.querySelector('.settings').open,
  }));
  await page.ask((el, shadow) => shadow.querySelector('.settings summary').click());
  // The article's: pool_maxsize alone. Measured: 40 of 40.
  await own('pool-maxsize', '8');
  let now = await seen();
  assert.equal(now.sockets, 'none');
  assert.match(now.text, /No cap on connections at the proxy.*does not cap open connections here.*157 would not hold that/);
  // With pool_block each https host has its 8.
  await own('pool-block', 'true');
  await own('https-origins', '5');
  now = await seen();
  assert.equal(now.sockets, '40');
  assert.match(now.text, /for each origin by itself, and they add up/);
  assert.doesNotMatch(now.text, /would not hold/);
  await own('https-origins', '-1');
  now = await seen();
  assert.deepEqual([now.errors.length, now.sockets, now.open], [1, '40', true]);
  await own('https-origins', '1');
  await own('client', 'httpx');
  await own('max-connections', '8');
  now = await seen();
  assert.deepEqual([now.errors, now.sockets], [[], '8']);
  assert.match(now.text, /One limit counts all open connections/);
  assert.equal((await page.see()).hash, '');
});
