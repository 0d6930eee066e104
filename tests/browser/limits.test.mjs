// The panel "Limits": what breaks first, the fields that it brings, and what becomes of them everywhere else.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { differences } from '../src/vectors.mjs';
import { open } from './page.mjs';

let page;
before(async () => (page = await open()));
after(() => page?.close());
beforeEach(() => page.load());
afterEach(async () => assert.deepEqual(await page.complaints(), []));

const PLAIN = { 'arrival-rate': '50', 'response-time': '2.5' };
const isAdvice = (name) => name.includes('advice') && name.endsWith('.wasm');
/** Rows by the name of their layer: one has a tag behind it. */
const layers = async () => Object.fromEntries(Object.entries((await page.panel()).rows).map(([name, cells]) => [name.replace(/\s+first to break/, ''), cells]));
const values = () => page.ask((el, shadow) => Object.fromEntries([...shadow.querySelectorAll('#panel form [name]')].map((e) => [e.name, e.value])));

test('a plain page asks for the module when the panel is shown, once', async () => {
  await page.type('arrival-rate', '60');
  await page.show('protocol');
  assert.deepEqual((await page.requests()).filter(isAdvice), []);
  await page.show('limits');
  await page.show('scale');
  await page.show('limits');
  assert.equal((await page.requests()).filter(isAdvice).length, 1);
});

test('the article’s load fits; the plan is the first to break as it grows', async () => {
  await page.show('limits');
  const rows = await layers();
  assert.deepEqual(rows.Plan.slice(0, 2), ['157', '200']);
  assert.match(rows.Plan[2], /^78\.5\s?%$/);
  assert.equal(rows['File descriptors'][1], '1,024');
  assert.equal(rows['Ephemeral ports'][1], '28,232');
  assert.match(rows.Bandwidth[0], /^50\sMbit\/s$/);
  const { text, wide } = await page.panel();
  // 200 / (2.5 s × 1.25) = 64/s with headroom, 80/s with none left.
  assert.match(text, /It fits, as far as is known\. First to break: Plan, full at 80 requests\/s/);
  assert.ok(wide <= 1, `${wide} px too wide`);
});

test('without reuse the ports run out before any plan, with symptom and fix', async () => {
  await page.type('arrival-rate', '400');
  await page.type('response-time', '0.5');
  await page.paste('idle-time', '0');
  await page.show('limits');
  const rows = await layers();
  // 500/s × (0.5 s + 60 s of TIME_WAIT).
  assert.deepEqual(rows['Ephemeral ports'].slice(0, 2), ['30,250', '28,232']);
  const { text } = await page.panel();
  // 28,232 / 60.5 s.
  assert.match(text, /Not all of it fits\. First to break: Ephemeral ports, full at 467 requests\/s/);
  assert.match(text, /EADDRNOTAVAIL/);
  assert.match(text, /ip_local_port_range/);
  await page.type('file-descriptors', '64');
  assert.match((await page.panel()).text, /First to break: File descriptors[^]*EMFILE[^]*LimitNOFILE=/);
});

test('a field of the panel changes the answer, is in the address, and comes back', async () => {
  const { report: before } = await page.see();
  await page.show('limits');
  await page.type('file-descriptors', '65536');
  await page.choose('operating-system', 'macos');
  await page.choose('tls-version', '1.2');
  let { hash, scenario, report } = await page.see();
  assert.deepEqual([scenario.fileDescriptors, scenario.operatingSystem, scenario.tlsVersion], [65536, 'macos', '1.2']);
  for (const part of ['file-descriptors=65536', 'operating-system=macos', 'tls-version=1.2']) assert.ok(hash.includes(part), hash);
  // The first answer does not look at them.
  assert.deepEqual(differences(report, before), []);
  assert.doesNotMatch((await page.panel()).text, /EMFILE/);

  await page.driver.navigate().refresh();
  await page.until(`document.querySelector('proxy-concurrency')?.dataset.state === 'ready'`);
  // The address names a field of the panel: it is known before the panel is shown.
  await page.until(`document.querySelector('proxy-concurrency').scenario.fileDescriptors === 65536`);
  await page.show('limits');
  assert.equal((await values())['file-descriptors'], '65536');
  assert.equal((await page.see()).hash, hash);

  await page.ask((el, shadow) => [...shadow.querySelectorAll('footer button')].at(-1).click());
  await page.settle();
  ({ hash, scenario } = await page.see());
  assert.deepEqual([hash, scenario.fileDescriptors, (await values())['file-descriptors']], ['', undefined, '']);
});

test('attributes and the property preset its fields, other panels are not bothered', async () => {
  await page.fresh({ ...PLAIN, 'file-descriptors': '64', bandwidth: '10' });
  await page.until(`document.querySelector('proxy-concurrency').scenario.fileDescriptors === 64`);
  await page.show('when-exceeded');
  assert.deepEqual((await page.see()).errors, {});
  assert.match((await page.panel()).text, /At a cap of/i);
  await page.show('limits');
  const rows = await layers();
  assert.match(rows['File descriptors'][1], /^64$/);
  assert.match(rows.Bandwidth[1], /^10\sMbit\/s$/);
  await page.ask((el) => { el.scenario = { arrivalRate: 1, responseTime: 1, clientLibrary: 'aiohttp', memory: 512 }; });
  await page.settle();
  assert.deepEqual((await page.see()).scenario, { arrivalRate: 1, responseTime: 1, clientLibrary: 'aiohttp', memory: 512 });
  assert.deepEqual([(await values())['client-library'], (await values()).memory], ['aiohttp', '512']);
});

test('what is wrong is told beside the field and stays, the first answer goes on', async () => {
  await page.show('limits');
  const good = await page.panel();
  await page.type('file-descriptors', '<img src=x onerror=alert(1)>');
  await page.type('bandwidth', '-1');
  let seen = await page.see();
  assert.deepEqual(Object.keys(seen.errors).sort(), ['bandwidth', 'file-descriptors']);
  assert.match(seen.errors['file-descriptors'], /^Must be a whole number from 1 to 2,147,483,647, not “<img/);
  assert.match(seen.errors.bandwidth, /Mbit\/s/);
  assert.equal((await values())['file-descriptors'], '<img src=x onerror=alert(1)>');
  assert.equal(await page.ask((el, shadow) => shadow.querySelector('img')), null);
  const tied = await page.ask((el, shadow) => {
    const field = shadow.querySelector('#panel [name=file-descriptors]');
    return [field.getAttribute('aria-invalid'), shadow.getElementById(field.getAttribute('aria-describedby').split(' ').at(-1))?.textContent, !!field.labels.length];
  });
  assert.deepEqual([tied[0], tied[2]], ['true', true]);
  assert.match(tied[1], /whole number/);
  // The last good answer of the panel stays; the answer above is still right.
  assert.deepEqual((await page.panel()).rows, good.rows);
  assert.equal(seen.stale, false);
  await page.type('arrival-rate', '60');
  seen = await page.see();
  assert.deepEqual([seen.required, Object.keys(seen.errors).length], ['188', 2]);
  // Another panel does not look at them; they are not lost.
  await page.show('protocol');
  assert.deepEqual((await page.see()).errors, {});
  await page.show('limits');
  assert.equal((await values()).bandwidth, '-1');
  await page.type('bandwidth', '');
  await page.type('file-descriptors', '');
  assert.deepEqual((await page.see()).errors, {});
  assert.notDeepEqual((await page.panel()).rows, good.rows);
});

test('what is wrong in the address is told when the panel is shown', async () => {
  await page.load('/#file-descriptors=many&tls-version=4');
  const first = await page.see();
  assert.deepEqual([first.required, first.errors], ['157', {}]);
  await page.show('limits');
  const { errors } = await page.see();
  assert.deepEqual(Object.keys(errors).sort(), ['file-descriptors', 'tls-version']);
  await page.type('file-descriptors', '4096');
  await page.choose('tls-version', '1.3');
  assert.equal((await layers())['File descriptors'][1], '4,096');
});

test('a fold opens where a field in it is wrong', async () => {
  await page.show('limits');
  await page.paste('time-wait', '1000');
  const open = await page.ask((el, shadow) => shadow.querySelector('#panel [name=time-wait]').closest('details').open);
  assert.equal(open, true);
});

test('loads of nothing and of a thousand million are drawn', async () => {
  await page.show('limits');
  for (const rate of ['0', '0.000001', '400000000']) {
    await page.type('arrival-rate', rate);
    assert.doesNotMatch((await page.panel()).text, /NaN|Infinity|undefined|null/, rate);
  }
});
