// The panel "When exceeded": it comes when it is asked for, and shows what the core says.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { native } from '../src/vectors.mjs';
import { open } from './page.mjs';

let page;
before(async () => (page = await open()));
after(() => page?.close());
beforeEach(() => page.load());
afterEach(async () => assert.deepEqual(await page.complaints(), []));

const isPanels = (name) => name.includes('exceeded');

/** Opens the panel as a reader does, and waits for its table. */
async function opened() {
  await page.ask((el, shadow) => shadow.querySelector('#tab-when-exceeded').click());
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#panel table')`, 'the panel’s table');
  await page.settle();
}

/** Chooses an option as a reader does. */
async function choose(name, value) {
  await page.ask((el, shadow, name, value) => {
    const select = shadow.querySelector(`select[name="${name}"]`);
    select.value = value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  }, name, value);
  await page.settle();
}

/** The panel as it reads: headings, rows of the table by label, sentences of the charts, notes. */
const panel = () => page.ask((el, shadow) => {
  const panel = shadow.querySelector('#panel');
  // What is simulated comes later, and has a suite of its own.
  const root = { querySelectorAll: (selector) => [...panel.querySelectorAll(selector)].filter((e) => !e.closest('.simulated')) };
  return {
    headings: [...root.querySelectorAll('h3')].map((e) => e.textContent),
    rows: Object.fromEntries([...root.querySelectorAll('tr')].map((tr) => [...tr.children].map((cell) => cell.textContent.trim()))),
    said: [...root.querySelectorAll('svg[role=img]')].map((svg) => svg.getAttribute('aria-label')),
    lines: [...root.querySelectorAll('svg path, svg polyline')].map((e) => e.getAttribute('d') ?? e.getAttribute('points')),
    text: panel.innerText,
    assumed: root.querySelectorAll('.assumptions')[0]?.textContent,
    wide: Math.max(...[...root.querySelectorAll('*')].map((e) => e.getBoundingClientRect().right)) - panel.getBoundingClientRect().right,
  };
});

/** Fields that a reader can fill in. */
const fields = () => page.ask((el, shadow) => [...shadow.querySelectorAll('form:not(.simulated *) [name]')].map((e) => e.name));

/** A share as the page writes it, to be found again: its first digits. */
const digits = (share) => new RegExp(`${(100 * share).toPrecision(2).replace('.', '\\.')}\\d* ?%`);

test('its module is not asked for before it is opened, and the first answer takes at most three requests', async () => {
  const before = await page.requests();
  assert.deepEqual(before.filter(isPanels), []);
  const answered = await page.requests('proxy-concurrency:report');
  assert.ok(answered.length <= 3, answered.join(' '));
  assert.equal(answered.filter((name) => name.endsWith('.wasm')).length, 1, answered.join(' '));
  // Typing asks for nothing either.
  await page.type('arrival-rate', '60');
  await choose('over-limit', 'queue');
  assert.deepEqual((await page.requests()).filter(isPanels), []);
  await opened();
  const after = (await page.requests()).filter(isPanels);
  assert.equal(after.filter((name) => name.endsWith('.wasm')).length, 1, after.join(' '));
  // Once: a second opening asks for nothing.
  await page.ask((el, shadow) => shadow.querySelector('#tab-protocol').click());
  await opened();
  assert.deepEqual((await page.requests()).filter(isPanels), after);
});

test('it shows the cap, what is refused there, and a chart with a sentence', async () => {
  await opened();
  const seen = await panel();
  const { answer: { exceeded: want } } = native((await page.see()).scenario);
  // The plan that holds 157.
  assert.equal(want.cap, 200);
  assert.deepEqual(seen.headings, ['Refused, by cap', 'At a cap of 200']);
  assert.equal(seen.rows['Cap for 1%'], '144');
  assert.match(seen.rows['Headroom for that'], /^\+15\.2 ?%$/);
  assert.equal(seen.rows['In flight, exceeded 0.1% of the time'], '161');
  assert.match(seen.rows['Most you can send at 1%'], new RegExp(`^${want.mostPerSecond.toPrecision(3)}/s$`));
  assert.equal(seen.said.length, 1);
  assert.match(seen.said[0], /at the cap of 200 .*%, with retries .*% of attempts\.$/);
  assert.ok(seen.lines.length >= 2 && seen.lines.every((line) => line && !/NaN|Infinity/.test(line)), seen.lines.join('\n'));
  assert.match(seen.text, /10 in flight need \+80 ?%, 1,?000 need \+2\.9 ?%/);
  assert.match(seen.assumed, /Poisson.*Erlang B.*mean response time only/);
  assert.ok(seen.wide <= 1, `${seen.wide} px too wide`);
});

test('a cap is looked at, and retries add to what fails', async () => {
  await opened();
  await page.paste('cap', '140');
  const { answer: { exceeded: want } } = native((await page.see()).scenario);
  let { headings, rows } = await panel();
  assert.equal(headings[1], 'At a cap of 140');
  assert.match(rows['Refused on arrival'], digits(want.once.rejected));
  assert.match(rows['Attempts that fail, with retries'], digits(want.retried.rejected));
  assert.ok(want.retried.rejected > want.once.rejected);
  await page.paste('retries', '0');
  ({ rows } = await panel());
  assert.equal(rows['Attempts that fail, with retries'], rows['Refused on arrival']);
  assert.equal(rows['Attempts per request, with retries'], '1');
  assert.equal(rows['Fails in the end'], rows['Refused on arrival']);
});

test('each behaviour brings its own fields, and its own assumptions', async () => {
  await opened();
  const own = {
    reject: [], queue: ['queue-places', 'client-timeout', 'wait-target'], 'per-ip': ['exit-ips'], 'shrinking-cap': ['reduced-cap', 'reduced-after'],
    penalty: ['penalty-refusals', 'penalty-time'],
  };
  const all = Object.values(own).flat();
  const assumed = new Set();
  for (const [behaviour, names] of Object.entries(own)) {
    await choose('over-limit', behaviour);
    assert.deepEqual((await fields()).filter((name) => all.includes(name)), names, behaviour);
    const seen = await panel();
    assert.ok(seen.headings.length === 2 && Object.keys(seen.rows).length >= 8, behaviour);
    assert.doesNotMatch(seen.text, /NaN|Infinity|undefined|null/, behaviour);
    assumed.add(seen.assumed);
  }
  assert.equal(assumed.size, 5);
});

test('a queue shows its waits, and where retries lock in', async () => {
  await opened();
  await choose('over-limit', 'queue');
  await page.paste('cap', '140');
  let seen = await panel();
  assert.deepEqual(seen.headings, ['Refused or timed out, by cap', 'At a cap of 140']);
  for (const row of ['Has to wait', 'Mean wait', 'Wait that 1% exceed']) assert.ok(seen.rows[row], row);
  assert.doesNotMatch(seen.text, /lock in/);
  await page.paste('client-timeout', '750 ms');
  await page.paste('retries', '2');
  seen = await panel();
  const { answer: { exceeded: want } } = native((await page.see()).scenario);
  assert.ok(want.collapsePerSecond > want.recoverPerSecond && want.recoverPerSecond > 0);
  assert.match(seen.text, new RegExp(`Above ${want.collapsePerSecond.toPrecision(3)} requests/s`));
  assert.match(seen.text, new RegExp(`below ${want.recoverPerSecond.toPrecision(3)} requests/s`));
  assert.ok(seen.rows['Times out waiting']);
  // Fewer servers than the load: no end to the wait, no nonsense on the page.
  await page.paste('client-timeout', '');
  await page.paste('cap', '100');
  seen = await panel();
  assert.equal(seen.rows['Wait that 1% exceed'], 'without end');
});

test('addresses each on their own cost connections', async () => {
  await opened();
  await choose('over-limit', 'per-ip');
  await page.paste('exit-ips', '10');
  const { rows } = await panel();
  assert.equal(rows['Connections that the split costs'], '66');
});

test('what is wrong in a field of its own is told beside it, also where another behaviour is chosen', async () => {
  await opened();
  await page.paste('retries', '101');
  await choose('over-limit', 'queue');
  await page.paste('queue-places', '-1');
  const { errors, stale } = await page.see();
  assert.deepEqual(Object.keys(errors).sort(), ['queue-places', 'retries']);
  assert.match(errors.retries, /whole number from 0 to 100, not 101/);
  assert.equal(stale, true);
  await page.paste('retries', '');
  await choose('over-limit', 'reject');
  assert.ok((await fields()).includes('queue-places'), 'the field that is wrong is not to be seen');
  await page.paste('queue-places', '');
  assert.deepEqual((await page.see()).errors, {});
});

test('a plan that limits a rate says that it has no cap', async () => {
  await page.fresh({ 'arrival-rate': '50', 'response-time': '2.5', 'plan-counts': 'requests-per-minute' });
  await page.ask((el, shadow) => shadow.querySelector('#tab-when-exceeded').click());
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#panel .note')`);
  assert.match((await panel()).text, /no cap on what is in flight/);
});

test('loads of nothing, of next to nothing and of a thousand million are drawn', async () => {
  await opened();
  for (const behaviour of ['reject', 'queue', 'per-ip', 'shrinking-cap', 'penalty']) {
    await choose('over-limit', behaviour);
    for (const rate of ['0', '0.000001', '1000000', '400000000']) {
      await page.type('arrival-rate', rate);
      const seen = await panel();
      assert.doesNotMatch(`${seen.text} ${seen.lines.join(' ')} ${seen.said}`, /NaN|Infinity|undefined|null/, `${behaviour} ${rate}`);
    }
  }
});
