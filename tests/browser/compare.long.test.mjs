// The reader's tools: reset and undo, a pinned scenario beside the present one, copies; and what is read out.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { differences } from '../src/vectors.mjs';
import { Key, open } from './page.mjs';

let page;
before(async () => (page = await open()));
after(() => page?.close());
beforeEach(() => page.load());
afterEach(async () => assert.deepEqual(await page.complaints(), []));

/** Clicks a button by its words, with the browser's own click. */
async function press(words) {
  const button = await page.driver.executeScript(
    `return [...document.querySelector('proxy-concurrency').shadowRoot.querySelectorAll('button')].find((e) => e.textContent.trim() === arguments[0])`, words,
  );
  assert.ok(button, `there is no button “${words}”`);
  await button.click();
  await page.settle();
}

/** The comparison as rows of cells, by label. */
async function compared() {
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('.compared table')`, 'the comparison');
  await page.settle();
  return page.ask((el, shadow) => Object.fromEntries([...shadow.querySelectorAll('.compared tbody tr')].map((tr) => [...tr.children].map((cell) => cell.innerText.trim())).map(([label, ...cells]) => [label, cells])));
}

test('reset can be taken back, with what was typed into panels', async () => {
  await page.show('configure');
  await page.paste('proxy-url', 'http://me:secret@proxy.example:1');
  await page.type('arrival-rate', '80');
  await page.type('response-time', 'x');
  const typed = await page.see();
  await press('Reset');
  let seen = await page.see();
  assert.deepEqual([seen.texts['arrival-rate'], seen.texts['response-time'], seen.texts['proxy-url'], seen.errors, seen.required, seen.hash], ['50', '2.5', '', {}, '157', '']);
  // The focus stays on the button, which now says how to go back.
  assert.equal(await page.ask((el, shadow) => shadow.activeElement?.textContent.trim()), 'Undo reset');
  await press('Undo reset');
  seen = await page.see();
  assert.deepEqual([seen.texts, seen.errors], [typed.texts, typed.errors]);
  await press('Reset');
  await page.type('arrival-rate', '20');
  assert.ok(await page.ask((el, shadow) => [...shadow.querySelectorAll('footer button')].every((e) => e.textContent.trim() !== 'Undo reset')), 'an old state could overwrite what was typed since');
});

test('a double click does not reset and undo at once', async () => {
  await page.type('arrival-rate', '80');
  const button = await page.driver.executeScript(
    `const button = [...document.querySelector('proxy-concurrency').shadowRoot.querySelectorAll('footer button')].at(-1);
     button.scrollIntoView({ block: 'center' });
     return button;`);
  await page.driver.actions().doubleClick(button).perform();
  await page.settle();
  assert.equal((await page.see()).texts['arrival-rate'], '50');
});

test('what is pinned stands beside what is changed, with the difference', async () => {
  await press('Pin and compare');
  await compared();
  assert.equal(await page.ask((el, shadow) => shadow.activeElement?.id), 'compared', 'the reader is taken to it');
  await page.type('arrival-rate', '80');
  const rows = await compared();
  assert.deepEqual(rows['Throughput λ'], ['50', '80', '']);
  assert.deepEqual(rows['Needed, connections'], ['157', '250', '+93 +59.2%']);
  assert.deepEqual(rows.Plan, ['200', '500', '+300 +150%']);
  assert.deepEqual(rows['Used of the plan, on average'], ['62.5%', '40%', '−22.5%']);
  assert.deepEqual(rows['If all took p95'], ['400', '640', '+240 +60%']);
  assert.equal(rows['Response time W, mean'], undefined, 'what does not differ is not listed');
  await press('Swap');
  assert.deepEqual([(await page.see()).texts['arrival-rate'], (await compared())['Needed, connections']], ['50', ['250', '157', '−93 −37.2%']]);
  await press('Stop comparing');
  assert.deepEqual(await page.ask((el, shadow) => [shadow.querySelector('.compared'), shadow.activeElement?.id]), [null, 'pin']);
  assert.equal((await page.see()).hash, '');
});

test('a plan against none, and prices, are compared', async () => {
  await page.type('plan-tiers', '200 at 90, 500 at 200.5');
  await press('Pin and compare');
  await compared();
  await page.type('arrival-rate', '800');
  let rows = await compared();
  assert.deepEqual([rows.Plan, rows.Price], [['200', 'none', ''], ['90', 'none', '']]);
  await page.type('arrival-rate', '80');
  rows = await compared();
  assert.deepEqual(rows.Price, ['90', '200.50', '+110.50 +123%']);
});

test('the shares over the limit are compared once that panel has come', async () => {
  await press('Pin and compare');
  await compared();
  await page.type('arrival-rate', '60');
  assert.equal((await compared())['Refused or timed out at the cap'], undefined);
  await page.show('when-exceeded');
  await page.until(`(() => {
    const row = [...document.querySelector('proxy-concurrency').shadowRoot.querySelectorAll('.compared tr')].find((tr) => tr.innerText.includes('timed out'));
    return row && row.cells[1].innerText !== row.cells[2].innerText;
  })()`, 'both sides have their share');
  const [was, is] = (await compared())['Refused or timed out at the cap'];
  assert.match(was, /%$/);
  assert.notEqual(was, is);
});

test('a link shares the comparison, behind the element’s id where it has one', async () => {
  await page.type('response-time', '2');
  await press('Pin and compare');
  await compared();
  await page.type('response-time', '3');
  await page.type('plan-tiers', '100, 400');
  const [rows, { hash }] = [await compared(), await page.see()];
  assert.match(hash, /response-time=3/);
  assert.match(hash, /compare-response-time=2/);
  await page.load(`/?shared${hash}`);
  assert.deepEqual(await compared(), rows);
  // A heading may be called “compare”.
  await page.load('/?anchor#compare');
  assert.equal(await page.ask((el, shadow) => shadow.querySelector('.compared')), null);
  await page.driver.executeScript(`history.replaceState(null, '', '#two.compare=1&two.compare-arrival-rate=10&compare-arrival-rate=3')`);
  await page.fresh({ id: 'two', 'arrival-rate': '20', 'response-time': '1' });
  assert.deepEqual((await compared())['Throughput λ'], ['10', '20', '']);
  await press('Stop comparing');
  assert.equal((await page.see()).hash, '#compare-arrival-rate=3');
});

test('an address that compares with nonsense says so', async () => {
  await page.load('/?bad#compare=1&compare-arrival-rate=fast');
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('.compared .note')`);
  assert.match(await page.ask((el, shadow) => shadow.querySelector('.compared .note').textContent), /Throughput λ: Must be a number.*“fast”/);
  assert.equal((await page.see()).required, '157');
});

test('what a field that panels bring says is compared, too', async () => {
  await page.load('/?brought#compare=1&compare-memory=512&memory=1024');
  await page.until(`document.querySelector('proxy-concurrency').scenario.memory === 1024`);
  assert.deepEqual((await compared()).Memory, ['512 MiB', '1024 MiB', '']);
});

test('copied JSON has the present case and the one that it is compared with', async () => {
  await page.ask(() => { navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }; });
  await press('Copy as JSON');
  const alone = JSON.parse(await page.ask(() => window.copied));
  assert.deepEqual(Object.keys(alone), ['scenario', 'report']);
  await press('Pin and compare');
  await compared();
  await page.type('arrival-rate', '80');
  await press('Copy as JSON');
  const both = JSON.parse(await page.ask(() => window.copied));
  assert.deepEqual([both.scenario.arrivalRate, both.compared.scenario.arrivalRate], [80, 50]);
  assert.deepEqual(differences(both.compared.report, alone.report), []);
});

/** Watches what the live region says from now on. */
const listen = () => page.ask((el, shadow) => {
  window.heard = [];
  const region = shadow.querySelector('output');
  window.listener?.disconnect();
  window.listener = new MutationObserver(() => { const text = region.textContent.trim(); if (text) window.heard.push(text); });
  window.listener.observe(region, { characterData: true, childList: true, subtree: true });
});
const heard = async (what) => {
  await page.until(`window.heard.length >= 1`, what);
  // A second announcement would come within the same pause.
  await new Promise((resolve) => setTimeout(resolve, 900));
  return page.ask(() => window.heard);
};

test('a moving slider is read out once, when it rests, and nothing is on arrival', async () => {
  await listen();
  await new Promise((resolve) => setTimeout(resolve, 900));
  assert.deepEqual(await page.ask(() => window.heard), []);
  const slider = await page.driver.executeScript(`return document.querySelector('proxy-concurrency').shadowRoot.querySelectorAll('[type=range]')[1]`);
  await slider.sendKeys(...Array(15).fill(Key.ARROW_RIGHT));
  assert.deepEqual(await heard('the answer'), ['You need 175 connections: the 200 plan.']);
  assert.equal(await slider.getAttribute('aria-valuetext'), '40%');
});

test('errors are read out with their field’s name, after a pause, and by nothing else', async () => {
  await listen();
  await page.type('arrival-rate', 'fast');
  const [said, ...more] = await heard('the error');
  assert.match(said, /^Throughput λ: Must be a number.*“fast”/);
  assert.deepEqual(more, []);
  assert.deepEqual(await page.ask((el, shadow) => [...shadow.querySelectorAll('[aria-live], [role=status], [role=alert], output')].map((e) => e.outerHTML.slice(0, 60)).length), 1);
});

test('copying, resetting and a panel’s verdict are read out', async () => {
  await listen();
  await press('Reset');
  assert.match((await heard('reset'))[0], /^Back to what the page gives\. You need 157 connections/);
  await page.show('probe');
  await listen();
  await page.paste('text', '200 1.01\n'.repeat(9) + '503 0.01\n'.repeat(9));
  assert.match((await heard('the verdict'))[0], /refuses|limit|guess|tell/i);
});
