// The panel "Probe": what to send, and what pasted lines say.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { open } from './page.mjs';

let page;
before(async () => (page = await open()));
after(() => page?.close());
beforeEach(async () => {
  await page.load();
  await page.show('probe');
});
afterEach(async () => assert.deepEqual(await page.complaints(), []));

const own = async (name, text) => {
  await page.ask((el, shadow, name, text) => {
    const field = shadow.querySelector(`#panel [name="${name}"]`);
    field.value = text;
    field.dispatchEvent(new Event(field.tagName === 'SELECT' ? 'change' : 'input', { bubbles: true, composed: true }));
  }, name, text);
  await page.settle();
};
const read = () => page.ask((el, shadow) => ({
  verdict: shadow.querySelector('[data-verdict]')?.dataset.verdict,
  marked: [...shadow.querySelectorAll('.pasted mark')].map((e) => [e.parentElement.value, e.textContent]),
  missed: [...shadow.querySelectorAll('.pasted .missed')].map((e) => e.value),
  errors: Object.fromEntries([...shadow.querySelectorAll('#panel [data-error]')].map((e) => [e.dataset.error, e.textContent]).filter(([, text]) => text)),
  text: shadow.querySelector('#panel').innerText,
  image: shadow.querySelector('img'),
}));
const times = (n, line) => Array.from({ length: n }, (_, i) => line(i));
/** Eight served at a time, a second each, all started 20 ms apart. */
const REFUSED = [...times(8, (i) => `200 1.0${i} ${(0.02 * i).toFixed(2)}`), ...times(8, (i) => `503 0.01 ${(0.02 * (i + 8)).toFixed(2)}`)];

test('it says what to send, for the plan that holds the load, and gives the command', async () => {
  const { rows, text } = await page.panel();
  // One alone; 201 not held; 200 and 24 over it held; and more after it than all before.
  assert.match(text, /852 requests, at most 224 open at once/);
  assert.deepEqual(Object.values(rows).map(([requests]) => requests).slice(1), ['1', '201', '224', '426']);
  const command = await page.ask((el, shadow) => shadow.querySelector('#command').textContent);
  assert.match(command, /--example probe -- .*--cap 200 --send 852$/);
  await own('cap', '8');
  await own('requests', '20');
  const { text: smaller } = await page.panel();
  assert.match(smaller, /20 requests|1\d requests/);
  assert.match(await page.ask((el, shadow) => shadow.querySelector('#command').textContent), /--cap 8 --send \d+$/);
  assert.match(smaller, /Too few requests to tell a rate limit/);
  const { scenario, hash } = await page.see();
  assert.deepEqual([scenario.cap, hash], [undefined, '']);
});

test('refused at once: the verdict, the limit, the status, and the lines that say so', async () => {
  await own('text', ['status seconds start', ...REFUSED].join('\n'));
  const seen = await read();
  assert.equal(seen.verdict, 'reject');
  assert.deepEqual(seen.marked.map(([line]) => line), [10, 11, 12, 13, 14, 15, 16, 17]);
  assert.ok(seen.marked.every(([, line]) => line.startsWith('503')));
  const { rows } = await page.panel();
  assert.match(rows.Limit[0], /^8\b/);
  assert.equal(rows['What goes over gets'][0], '503');
  assert.match(seen.text, /Lines that say so: 10–17/i);
});

test('served in turns is a queue; all at once is room to spare; 407 is not let in', async () => {
  await own('text', [...times(8, () => '200 1.01'), ...times(8, () => '200 2.02')].join('\n'));
  assert.equal((await read()).verdict, 'queue');
  await own('text', times(16, (i) => `200 1.0${i % 3}`).join('\n'));
  assert.equal((await read()).verdict, 'headroom');
  await own('text', times(6, () => '407 0.05').join('\n'));
  assert.equal((await read()).verdict, 'authentication');
  await own('text', '');
  assert.equal((await read()).verdict, undefined);
});

test('the verdict goes into the form when it is told to', async () => {
  await own('text', [...times(8, () => '200 1.01'), ...times(8, () => '200 2.02')].join('\n'));
  await page.ask((el, shadow) => [...shadow.querySelectorAll('#panel button')].find((e) => e.textContent === 'Take it into the form').click());
  await page.settle();
  const { scenario } = await page.see();
  assert.deepEqual([scenario.overLimit, scenario.cap], ['queue', 8]);
});

test('hostile lines are text, and stay out of the address and the copied JSON', async () => {
  const hostile = ['<img src=x onerror=alert(1)>', '<script>alert(1)</script>', '__proto__ 1', '\u202e200 1', '200 NaN', 'x'.repeat(5000)];
  await own('text', [...REFUSED.map((line) => line.split(' ').slice(0, 2).join(' ')), ...hostile].join('\n'));
  const seen = await read();
  assert.equal(seen.verdict, 'reject');
  assert.equal(seen.image, null);
  assert.deepEqual(await page.ask((el, shadow) => shadow.querySelectorAll('script').length), 0);
  assert.ok(seen.missed.includes(17) && seen.missed.includes(18), String(seen.missed));
  await page.type('arrival-rate', '60');
  const json = await page.ask((el, shadow) => {
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async (text) => { window.copied = text; } } });
    shadow.querySelectorAll('footer button')[1].click();
    return window.copied;
  });
  for (const shared of [json, await page.ask(() => location.href)]) assert.doesNotMatch(shared, /onerror|503 0\.01/);
  // Kept while another panel is shown.
  await page.show('scale');
  await page.show('probe');
  assert.equal((await read()).verdict, 'reject');
});

test('nothing that can be read is told beside the box, with the last verdict kept', async () => {
  await own('text', REFUSED.join('\n').replaceAll(/ [\d.]+$/gm, ''));
  assert.equal((await read()).verdict, 'reject');
  await own('text', 'hello');
  const { errors, verdict } = await read();
  assert.match(errors.text, /^Must have lines of `status seconds`/);
  assert.equal(verdict, 'reject');
});

test('a megabyte and ten thousand lines are read or refused, and drawn', async () => {
  await own('text', times(9000, (i) => (i < 4500 ? '200 1.01' : '503 0.01')).join('\n'));
  let seen = await read();
  assert.equal(seen.verdict, 'reject');
  assert.ok(seen.marked.length <= 400, `${seen.marked.length} lines are drawn`);
  await own('text', '200 1.01\n'.repeat(115_000));
  assert.match((await read()).errors.text, /^Must not be longer than/);
});
