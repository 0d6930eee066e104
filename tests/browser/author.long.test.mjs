// What an author says beside the fields: which panels, how much of it, and what a reader may change.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { open } from './page.mjs';

let page;
before(async () => {
  page = await open();
  await page.load();
});
after(() => page?.close());
// Of a page that names no icon the browser asks for one.
afterEach(async () => assert.deepEqual((await page.complaints()).filter((text) => !text.includes('/favicon.ico')), []));

const PLAIN = { 'arrival-rate': '50', 'response-time': '2.5', 'plan-tiers': '50, 100, 200' };
const ALL = ['response-time', 'protocol', 'limits', 'when-exceeded', 'configure', 'scale', 'probe'];

const tabs = () => page.ask((el, shadow) => [...shadow.querySelectorAll('[role=tab]')].map(({ id, ariaSelected }) => id.slice(4) + (ariaSelected === 'true' ? '*' : '')));
const fields = () => page.ask((el, shadow) => [...shadow.querySelectorAll('.inputs [name]')].map(({ name }) => name).filter((name, i, all) => all.indexOf(name) === i));
const set = async (run, ...args) => {
  await page.ask(run, ...args);
  await page.settle();
};

test('panels are those that the author names, in the author’s order', async () => {
  await page.fresh({ ...PLAIN, panels: 'limits scale' });
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#panel .layer')`, 'the first named panel');
  assert.deepEqual(await tabs(), ['limits*', 'scale']);
  // The links to panels that are not there are not there either.
  assert.equal(await page.ask((el, shadow) => shadow.querySelectorAll('.answer button, fieldset legend button').length), 0);
});

test('no panels are no tabs, and nothing of them is loaded', async () => {
  await page.load('/?none');
  // What the page's own element loads is not to be counted.
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#panel figure')`);
  await page.driver.executeScript(`performance.clearResourceTimings()`);
  await page.fresh({ ...PLAIN, panels: '' });
  assert.deepEqual([await tabs(), await page.ask((el, shadow) => shadow.querySelector('#panel'))], [[], null]);
  assert.deepEqual((await page.requests()).filter((name) => /panel|limits|response-time/.test(name)), []);
  assert.equal((await page.see()).required, '157');
});

test('the shown panel stays while it is on offer', async () => {
  await page.fresh(PLAIN);
  assert.deepEqual(await tabs(), ['response-time*', ...ALL.slice(1)]);
  await page.show('scale');
  await set((el) => { el.panels = ['protocol', 'scale']; });
  assert.deepEqual([await tabs(), await page.ask((el) => [el.getAttribute('panels'), el.panels])], [['protocol', 'scale*'], ['protocol scale', ['protocol', 'scale']]]);
  await set((el) => { el.panels = 'protocol'; });
  assert.deepEqual(await tabs(), ['protocol*']);
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#panel .drawing')`, 'the panel that is left');
  await set((el) => { el.panels = null; });
  assert.equal((await tabs()).length, ALL.length);
});

test('an unknown panel is passed over, and told once', async () => {
  await page.fresh({ ...PLAIN, panels: 'limits charts constructor' });
  await page.fresh({ ...PLAIN, panels: 'charts, probe probe' });
  assert.deepEqual(await tabs(), ['probe*']);
  const told = await page.complaints();
  assert.equal(told.length, 2, told.join('\n'));
  assert.match(told[0], /no panel “charts”.*response-time, protocol, limits/);
  assert.match(told[1], /no panel “constructor”/);
});

test('compact is three inputs, the answer and a link', async () => {
  await page.driver.executeScript(`performance.clearResourceTimings()`);
  await page.fresh({ ...PLAIN, compact: '' });
  assert.deepEqual([await fields(), await tabs()], [['arrival-rate', 'rate-unit', 'response-time', 'headroom'], []]);
  assert.equal(await page.ask((el, shadow) => shadow.querySelectorAll('footer button').length), 1);
  assert.deepEqual([(await page.see()).required, (await page.see()).plan], ['157', '200']);
  assert.deepEqual((await page.requests()).filter((name) => /more|panel/.test(name)), []);
  // Panels where the author asks for them.
  await set((el) => { el.panels = 'probe'; });
  assert.deepEqual(await tabs(), ['probe*']);
});

test('compact shows what is wrong, wherever it is', async () => {
  await page.fresh({ ...PLAIN, compact: '', route: 'teleport' });
  assert.match((await page.see()).errors.route, /must be forward/i);
  await page.choose('route', 'forward');
  // It stays where it was mended.
  assert.deepEqual([(await page.see()).errors, await fields()], [{}, ['arrival-rate', 'rate-unit', 'response-time', 'headroom', 'route']]);
});

test('flags are taken as frameworks set them', async () => {
  await page.fresh({ ...PLAIN, compact: 'false' });
  assert.equal(await page.ask((el) => el.compact), false);
  for (const [value, on] of [[true, true], [false, false], ['', true], ['false', false], ['true', true], [null, false]]) {
    await set((el, shadow, value) => { el.compact = value; el.readonlyPlan = value; }, value);
    assert.deepEqual(await page.ask((el) => [el.compact, el.readonlyPlan, el.hasAttribute('compact'), el.hasAttribute('readonly-plan')]), [on, on, on, on], String(value));
  }
});

test('properties that were set before the script came are taken', async () => {
  await page.driver.get('about:blank');
  await page.driver.get(`${page.url}/page.css`);
  await page.driver.executeScript(`
    const el = document.body.appendChild(document.createElement('proxy-concurrency'));
    Object.assign(el, { panels: ['limits'], theme: 'dark', readonlyPlan: true, scenario: { arrivalRate: 10, responseTime: 2, planTiers: [20, 40] } });
    document.head.appendChild(Object.assign(document.createElement('script'), { type: 'module', src: '/proxy-concurrency.js' }));`);
  await page.until(`document.querySelector('proxy-concurrency').dataset.state === 'ready'`);
  await page.settle();
  assert.deepEqual([await tabs(), (await page.see()).required, await page.ask((el) => [el.getAttribute('panels'), el.theme, el.readonlyPlan])],
    [['limits*'], '25', ['limits', 'dark', true]]);
  await page.load();
});

test('a framework’s attributes are taken while the element is shown, and what was set stays', async () => {
  await page.fresh(PLAIN);
  await set((el) => el.setAttribute('arrival-rate', '80'));
  assert.equal((await page.see()).required, '250');
  await set((el) => { el.scenario = { arrivalRate: 10, responseTime: 1 }; });
  await set((el) => { el.className = 'other'; });
  assert.equal((await page.see()).required, '13', 'another attribute’s change put the presets back');
});

const PLAN = { ...PLAIN, 'readonly-plan': '', 'over-limit': 'queue', 'queue-places': '20', cap: '180' };

test('with readonly-plan the plan is text, and neither the form nor the address changes it', async () => {
  await page.driver.executeScript(`history.replaceState(null, '', '#arrival-rate=60&plan-tiers=7&cap=9&over-limit=reject&plan-counts=requests')`);
  await page.fresh(PLAN);
  let { scenario, required, plan } = await page.see();
  assert.deepEqual([scenario.planTiers, scenario.cap, scenario.overLimit, scenario.planCounts, required, plan], [[50, 100, 200], 180, 'queue', undefined, '188', '200']);
  const given = () => page.ask((el, shadow) => Object.fromEntries([...shadow.querySelectorAll('[data-given]')].map((e) => [e.dataset.given, e.textContent])));
  assert.deepEqual(await given(), { 'plan-tiers': '50, 100, 200', 'over-limit': 'queues, then refuses', 'plan-counts': 'connections in use', cap: '180', 'queue-places': '20' });
  assert.equal(await page.ask((el, shadow) => shadow.querySelector('[name=plan-tiers], [name=cap], [name=over-limit], [name=queue-places], [name=exit-ips]')), null);
  await page.ask(() => { location.hash = '#plan-tiers=3&arrival-rate=70'; });
  await page.until(`document.querySelector('proxy-concurrency').scenario.arrivalRate === 70`);
  assert.deepEqual((await page.see()).scenario.planTiers, [50, 100, 200]);
  await page.type('arrival-rate', '40');
  assert.equal((await page.see()).required, '125');
  await set((el) => { el.readonlyPlan = false; });
  assert.ok(await page.ask((el, shadow) => !!shadow.querySelector('[name=plan-tiers]')), 'the plan can be typed again');
  await page.driver.executeScript(`history.replaceState(null, '', location.pathname)`);
});
