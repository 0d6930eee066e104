// What a reader types, sees, shares and gets wrong, on the built page.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { differences, kebab, refusals } from '../src/vectors.mjs';
import { open } from './page.mjs';

let page;
before(async () => (page = await open()));
after(() => page?.close());
// Each test starts on the page as it is served, and must leave the console clean.
beforeEach(() => page.load());
afterEach(async () => assert.deepEqual(await page.complaints(), []));

const PLAIN = { 'arrival-rate': '50', 'response-time': '2.5' };

test('the article’s case is answered with 157 and the plan of 200', async () => {
  const { required, plan, answer, report, stale } = await page.see();
  assert.deepEqual([required, plan, stale], ['157', '200', false]);
  for (const part of ['125', '156.25', '157', '200', '400']) assert.match(answer, new RegExp(`\\b${part.replace('.', '\\.')}\\b`), part);
  assert.equal(report.sizing.stressP95, 400);
});

test('the first answer takes at most three requests after the document', async () => {
  const names = await page.requests('proxy-concurrency:report');
  assert.ok(names.length <= 3 && names.length >= 2, names.join(' '));
  assert.ok(names.some((name) => name.endsWith('.wasm')), names.join(' '));
});

const RATES = {
  '1.5': 1.5, '1,5': 1.5, '180 000': 180000, '180,000': 180000, '1.234,5': 1234.5, '1,234.5': 1234.5, '1.234.567': 1234567, '1,234,567': 1234567,
  '180\u00a0000': 180000, '180\u202f000': 180000, "180'000": 180000, '180’000': 180000, '180_000': 180000, '1,234': 1234, '1.234': 1.234,
  '+5': 5, '.5': 0.5, ',5': 0.5, '5.': 5, '5e3': 5000, '1,5e3': 1500, ' 80 ': 80, '0,250': 0.25, '1234,567': 1234.567,
  '٥٠': 50, '١٫٥': 1.5, '١٬٢٣٤': 1234, '۵۰': 50, '५०': 50, '５０': 50, '５０．５': 50.5, '１，２３４．５': 1234.5,
};

test('numbers are taken as people type them', async () => {
  await page.fresh(PLAIN);
  for (const [typed, rate] of Object.entries(RATES)) {
    await page.type('arrival-rate', typed);
    const { scenario, texts, errors, report, stale } = await page.see();
    assert.deepEqual([scenario.arrivalRate, report.sizing.arrivalRate, errors, stale], [rate, rate, {}, false], typed);
    assert.equal(texts['arrival-rate'], typed, 'what was typed stays');
  }
});

test('times and shares are taken with their units', async () => {
  await page.fresh(PLAIN);
  for (const [name, field, typed, value] of [
    ['response-time', 'responseTime', '180 ms', 0.18], ['response-time', 'responseTime', '180ms', 0.18], ['response-time', 'responseTime', '2,5 s', 2.5],
    ['response-time', 'responseTime', '2 min', 120], ['response-time', 'responseTime', '0.1', 0.1], ['response-time', 'responseTime', '١٫٥', 1.5],
    ['headroom', 'headroom', '35', 0.35], ['headroom', 'headroom', '35 %', 0.35], ['headroom', 'headroom', '12,5%', 0.125], ['headroom', 'headroom', '0', 0],
  ]) {
    await page.type(name, typed);
    const { scenario, errors } = await page.see();
    assert.deepEqual([scenario[field], errors], [value, {}], typed);
  }
});

test('lists are taken with commas, spaces and prices', async () => {
  await page.fresh(PLAIN);
  for (const [typed, sizes] of [['50, 100, 200', [50, 100, 200]], ['50,100,200', [50, 100, 200]], ['200; 500', [200, 500]], ['200', [200]], ['٥٠، ٢٠٠', [50, 200]], ['50、100，200', [50, 100, 200]], ['50；100', [50, 100]], ['200, 500, ', [200, 500]]]) {
    await page.type('plan-tiers', typed);
    const { report, errors } = await page.see();
    assert.deepEqual([report.tiers.map(({ size }) => size), errors], [sizes, {}], typed);
  }
  await page.type('plan-tiers', '200 at 49, 500 at 39.50');
  const { report } = await page.see();
  assert.deepEqual(report.tiers.map(({ size, price }) => [size, price]), [[200, 49], [500, 39.5]]);
  assert.equal(report.sizing.plan, 500);
  await page.fresh({ 'arrival-rate': '1' });
  await page.paste('response-time-samples', '1.5, 2.5 3,5;4.5');
  assert.deepEqual((await page.see()).scenario.responseTimeSamples, [1.5, 2.5, 3.5, 4.5]);
});

/** A refusal as it stands beside its field, which says the name already. */
const beside = ({ field, message }) => message.slice(field.length).replace(/^:? +/, '');
/** What the page shows, without the groups of its numbers: 1,000,000. */
const ungrouped = (shown) => shown.replace(/(?<=\d),(?=\d{3})/g, '').replaceAll('\u00a0', ' ');

test('every wrong input shows its sentence beside the field, stays, and leaves the last good answer marked as old', async () => {
  const rows = refusals().filter(({ typed }) => typed);
  assert.ok(rows.length >= 30, `only ${rows.length} rows`);
  await page.fresh(PLAIN);
  const { report: first } = await page.see();
  for (const { name, typed, errors } of rows) {
    let good;
    for (const [field, text] of Object.entries(typed)) {
      // The first of two texts may be right by itself, and be answered.
      good = (await page.see()).report;
      await page.paste(field, text);
    }
    const seen = await page.see();
    const kebabs = errors.map(({ field }) => kebab(field));
    assert.deepEqual(Object.keys(seen.errors).sort(), [...kebabs].sort(), name);
    for (const [i, error] of errors.entries()) {
      const shown = seen.errors[kebabs[i]];
      if (['headroom', 'connectionReuse'].includes(error.field)) {
        assert.match(shown, /^Must be from 0.?% to [\d,]+.?%, not -?[\d,]+.?%\.$/, name);
      } else {
        // The page may begin it with a capital and end it with a full stop.
        assert.ok(ungrouped(shown).toLowerCase().includes(beside(error).toLowerCase()), `${name}: “${shown}” for “${error.message}”`);
      }
    }
    for (const [field, text] of Object.entries(typed)) assert.equal(seen.texts[field], text, `${name}: what was typed is gone`);
    assert.equal(seen.stale, true, name);
    assert.deepEqual(differences(seen.report, good), [], `${name}: the last good answer is gone`);
    assert.equal(await page.ask((el, shadow) => shadow.querySelector('img')), null, `${name}: text became markup`);
    // And back.
    for (const field of Object.keys(typed)) await page.paste(field, PLAIN[field] ?? '');
    const again = await page.see();
    assert.deepEqual([again.errors, again.stale], [{}, false], name);
    assert.deepEqual(differences(again.report, first), [], name);
  }
});

test('two fields that are wrong at once show two sentences, and mend one by one', async () => {
  await page.type('arrival-rate', 'fast');
  await page.type('response-time', '0');
  let seen = await page.see();
  assert.deepEqual(Object.keys(seen.errors).sort(), ['arrival-rate', 'response-time']);
  assert.equal(seen.stale, true);
  await page.type('response-time', '2');
  seen = await page.see();
  assert.deepEqual([Object.keys(seen.errors), seen.stale, seen.required], [['arrival-rate'], true, '157']);
  await page.type('arrival-rate', '10');
  seen = await page.see();
  assert.deepEqual([seen.errors, seen.stale, seen.required], [{}, false, '25']);
});

test('a message is tied to its field for assistive technology', async () => {
  await page.type('arrival-rate', '-1');
  const tied = await page.ask((el, shadow) => {
    const field = shadow.querySelector('[name=arrival-rate]');
    const ids = (field.getAttribute('aria-describedby') ?? '').split(' ');
    return { invalid: field.getAttribute('aria-invalid'), text: ids.map((id) => shadow.getElementById(id)?.textContent ?? '').join(' ') };
  });
  assert.equal(tied.invalid, 'true');
  assert.match(tied.text, /must be a number from 0/i);
});

test('a megabyte of text is refused and mended like any other', async () => {
  await page.fresh({ ...PLAIN, 'arrival-rate': 'x'.repeat(1 << 20) });
  const seen = await page.see();
  assert.ok(seen.errors['arrival-rate'].length < 300, `${seen.errors['arrival-rate'].length} letters`);
  await page.paste('arrival-rate', '9'.repeat(1 << 20));
  assert.ok((await page.see()).errors['arrival-rate'], 'a megabyte of digits was taken');
  await page.paste('arrival-rate', '50');
  assert.equal((await page.see()).required, '157');
});

test('what was typed is in the address, and back after a reload', async () => {
  await page.type('arrival-rate', '80');
  await page.type('response-time', '0,75');
  await page.type('headroom', '10');
  await page.type('plan-tiers', '60 at 5.5, 90 at 7');
  const before = await page.see();
  assert.match(before.hash, /arrival-rate=80/);
  await page.driver.navigate().refresh();
  await page.until(`document.querySelector('proxy-concurrency')?.dataset.state === 'ready'`);
  await page.settle();
  const after = await page.see();
  assert.deepEqual(differences(after.report, before.report), []);
  assert.deepEqual([after.required, after.plan, after.hash], ['66', '90', before.hash]);
});

test('the address stands above the attributes', async () => {
  await page.load('/#arrival-rate=80&response-time=3');
  const { scenario, report } = await page.see();
  assert.deepEqual([scenario.arrivalRate, scenario.responseTime, scenario.headroom, report.sizing.mean], [80, 3, 0.25, 240]);
});

test('the address keeps up with a slider that is moved to and fro for long', async () => {
  // With each frame a new value: a browser that lets a page write two hundred times in ten seconds would soon ignore each write.
  const { last, gaps } = await page.driver.executeAsyncScript(`
    const done = arguments[0];
    const el = document.querySelector('proxy-concurrency');
    const [slider] = el.shadowRoot.querySelectorAll('[type=range]');
    const write = history.replaceState;
    const times = [];
    history.replaceState = (...what) => (times.push(performance.now()), write.apply(history, what));
    let left = 130;
    const step = () => {
      slider[Math.floor(left / 20) % 2 === 0 ? 'stepUp' : 'stepDown']();
      slider.dispatchEvent(new InputEvent('input', { bubbles: true }));
      left -= 1;
      if (left > 0) requestAnimationFrame(step);
      else el.updateComplete.then(() => done({ last: el.scenario.responseTime, gaps: times.slice(1).map((time, i) => time - times[i]) }));
    };
    step();`);
  assert.notEqual(last, 2.5);
  assert.equal((await page.see()).hash, `#response-time=${last}`);
  assert.ok(gaps.length > 1, 'more than two writes');
  // That is at most 85 in ten seconds, however fast the machine is.
  assert.ok(Math.min(...gaps) > 118, `${Math.min(...gaps)} ms between two writes`);
});

test('what is typed changes nothing else in the address, whatever the page’s base and path are', async () => {
  for (const path of ['/', '//?x=1', '/./index.html?x=//y']) {
    await page.load(path);
    const before = await page.ask(() => {
      document.head.insertAdjacentHTML('afterbegin', '<base href="/elsewhere/">');
      return location.href;
    });
    await page.type('arrival-rate', '60');
    assert.equal(await page.ask(() => location.href), `${before}#arrival-rate=60`);
    await page.type('arrival-rate', '50');
    assert.equal(await page.ask(() => location.href), before);
  }
});

test('a new address without a reload is followed', async () => {
  await page.ask(() => (location.hash = '#arrival-rate=10'));
  await page.until(`document.querySelector('proxy-concurrency').report.sizing.arrivalRate === 10`);
  await page.ask(() => history.back());
  await page.until(`document.querySelector('proxy-concurrency').report.sizing.arrivalRate === 50`);
});

test('an anchor of the page takes nothing from what was typed, and a link does', async () => {
  await page.load();
  await page.type('arrival-rate', '60');
  await page.ask(() => (location.hash = '#a-section'));
  await page.until(`location.hash === '#a-section&arrival-rate=60'`);
  assert.equal((await page.see()).required, '188');
  await page.ask(() => (location.hash = '#arrival-rate=10'));
  await page.until(`document.querySelector('proxy-concurrency').report.sizing.arrivalRate === 10`);
});

test('what is wrong in the address is told beside the field', async () => {
  await page.load('/#arrival-rate=fast&route=teleport');
  const { errors } = await page.see();
  assert.match(errors['arrival-rate'], /not “fast”/);
  assert.match(errors.route, /must be forward, tunnel/i);
});

test('other parts of the address stay, also where they are no UTF-8', async () => {
  await page.load('/#section-2&%FF&x=%E0%A4');
  await page.type('arrival-rate', '60');
  const { required, hash } = await page.see();
  assert.equal(required, '188');
  assert.match(hash, /^#section-2&/);
  assert.match(hash, /arrival-rate=60/);
});

test('names of prototypes in the address are nothing', async () => {
  await page.load('/#__proto__=5&constructor=6&arrival-rate=60');
  const { required, errors } = await page.see();
  assert.deepEqual([required, errors], ['188', {}]);
  assert.equal(await page.ask(() => ({}).arrivalRate ?? null), null);
});

test('attributes and addresses mean the same in every language', async () => {
  await page.fresh({ 'arrival-rate': '50', 'response-time': '2.125', 'plan-tiers': '200 at 1.125' }, 'de');
  let { scenario } = await page.see();
  assert.deepEqual([scenario.responseTime, scenario.planTiers], [2.125, [{ size: 200, price: 1.125 }]]);
  await page.type('response-time', '2,125');
  ({ scenario } = await page.see());
  assert.equal(scenario.responseTime, 2.125);
});

test('a reader of German types points as groups and commas as decimal marks', async () => {
  await page.fresh(PLAIN, 'de');
  for (const [typed, rate] of [['1,5', 1.5], ['1.5', 1.5], ['1.234', 1234], ['1,234', 1.234], ['1.234,5', 1234.5]]) {
    await page.type('arrival-rate', typed);
    assert.equal((await page.see()).scenario.arrivalRate, rate, typed);
  }
});

test('a load of nothing is drawn', async () => {
  // Without tiers nothing but the load sets the scale.
  await page.fresh(PLAIN);
  await page.type('arrival-rate', '0');
  assert.deepEqual(await page.complaints(), []);
  assert.equal((await page.see()).required, '0');
});

test('change tells scenario and report, once for each answer, and not for what is refused', async () => {
  await page.ask(() => {
    window.heard = [];
    document.addEventListener('change', (event) => { if (event.detail) window.heard.push(event.detail); });
  });
  await page.type('arrival-rate', '9');
  await page.type('response-time', 'x');
  const { heard, report } = await page.ask((el) => ({ heard: window.heard, report: el.report }));
  assert.equal(heard.length, 1);
  assert.equal(heard[0].scenario.arrivalRate, 9);
  assert.deepEqual(heard[0].report, report);
});

test('the scenario property replaces what was typed', async () => {
  const asked = { arrivalRate: 0.1, responseTime: 0.3, headroom: 0.07, planTiers: [{ size: 1, price: 0.1 }], warm: false, innerHttp: '2' };
  await page.ask((el, shadow, scenario) => { el.scenario = scenario; }, asked);
  await page.settle();
  const { scenario, texts, report } = await page.see();
  assert.deepEqual(scenario, asked);
  assert.deepEqual([texts['arrival-rate'], texts.headroom], ['0.1', '7']);
  assert.equal(report.sizing.required, 1);
});

test('the page fits 360 px', async () => {
  const rect = await page.driver.manage().window().getRect();
  try {
    await page.driver.manage().window().setRect({ width: 500, height: 900 });
    await page.ask((el) => { el.style.width = '360px'; });
    await page.settle();
    const [wide, inner] = await page.ask((el, shadow) => {
      // What scrolls inside the page, as the tabs do, may be wider.
      const scrolls = (e) => e.parentElement && (['auto', 'scroll'].includes(getComputedStyle(e.parentElement).overflowX) || scrolls(e.parentElement));
      const all = [...shadow.querySelectorAll('*')].filter((e) => !scrolls(e));
      return [Math.max(...all.map((e) => e.getBoundingClientRect().right)), el.getBoundingClientRect().right];
    });
    assert.ok(wide <= inner + 1, `${wide} is beyond ${inner}`);
  } finally {
    await page.driver.manage().window().setRect(rect);
  }
});
