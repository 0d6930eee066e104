// "Is it true?": the case simulated in one Worker a page beside the formulas, or on the page where a policy refuses the Worker.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { serve } from '../../scripts/serve.mjs';
import { differences, root, simulatedNatively } from '../src/vectors.mjs';
import { browser, Key, open } from './page.mjs';
import { listen, seen, simulated } from './simulation.mjs';

const CASE = { 'arrival-rate': '50', 'response-time': '2.5', 'response-time-p95': '8', 'plan-tiers': '50, 100, 200, 500' };
/** Longer than any test looks on. */
const LONG = { 'simulated-time': '2e6' };
/** As long as a test needs that asks for something else than the numbers. */
const SHORT = { 'simulated-time': '3000' };

let page;
before(async () => (page = await open()));
after(() => page?.close());
beforeEach(() => page.load());
afterEach(async () => assert.deepEqual(await page.complaints(), []));

/** A fresh element whose panel simulates, and what its Worker was asked and told. */
async function opened(attributes = {}, state = 'ended') {
  await listen(page);
  await page.fresh({ ...CASE, panels: 'when-exceeded', ...attributes });
  await simulated(page, state);
}
const worked = () => page.ask(() => ({ workers: window.workers, asked: window.asked, told: window.told }));
const started = ({ asked }) => asked.filter(({ does }) => does === 'start');
const last = ({ told }) => told.filter(({ ended }) => ended).at(-1)?.simulated;

test('nothing of it is asked for before its panel opens, and then each file once', async () => {
  const isSimulators = (path) => /simul/.test(path);
  await page.type('arrival-rate', '60');
  assert.deepEqual((await page.requests()).filter(isSimulators), []);
  await page.show('when-exceeded');
  await simulated(page);
  const asked = (await page.requests()).filter(isSimulators);
  assert.ok(asked.some((path) => /\/parts\/simulated-\w+\.js$/.test(path)), asked.join(' '));
  // The WebAssembly is the Worker's: the page itself asks for none.
  assert.deepEqual(asked.filter((path) => path.endsWith('.wasm')), []);
  await page.show('protocol');
  await page.show('when-exceeded');
  assert.deepEqual((await page.requests()).filter(isSimulators), asked);
});

test('the article’s case agrees with the formulas, in numbers that are the native core’s to the last bit', async () => {
  await opened({ cap: '140', retries: '0' });
  const { rows, why, status, said } = await seen(page);
  assert.ok(Object.keys(rows).length >= 5);
  assert.deepEqual(Object.values(rows).map(([verdict]) => verdict).filter((verdict) => verdict === 'differs'), []);
  assert.equal(rows.rejected[0], 'agrees');
  assert.match(rows.rejected[2], /^\d+(\.\d+)?% ± \d/);
  assert.equal(why, null);
  assert.match(status, /^1 run of .*: (\d+) of \1 quantities agree/);
  assert.match(said[0], /at a cap of 140/);
  const worker = await worked();
  assert.equal(worker.workers, 1);
  assert.deepEqual(differences(last(worker), simulatedNatively(started(worker)[0].record)), []);
});

test('a spell shows what fails in it, how long recovery takes, and why the formulas differ', async () => {
  await opened({ spell: 'slow', retries: '0' });
  const { rows, areas, effect, why, status } = await seen(page);
  const worker = await worked();
  const simulated = last(worker);
  assert.deepEqual(differences(simulated, simulatedNatively(started(worker)[0].record)), []);
  assert.deepEqual([simulated.spellFrom, simulated.spellUntil], [30, 60]);
  assert.deepEqual(areas.map(([kind]) => kind), ['rejected']);
  const share = (from, until) => {
    const points = simulated.course.filter((point) => point.until > from && point.until <= until);
    return points.reduce((sum, { rejected }) => sum + rejected, 0) / points.reduce((sum, { attempts }) => sum + attempts, 0);
  };
  const [, during, before, time] = /^([\d.]+)% of attempts fail while it lasts, ([\d.]+)% before; .* in flight\. ([\d.]+)\ss after it/.exec(effect);
  assert.ok(Math.abs(during / 100 - share(30, 60)) < 5e-4, `${during} ${share(30, 60)}`);
  assert.equal(Number(before), 0);
  // A response of 8 s or more is still there for some seconds.
  assert.ok(time > 1 && time < 40, time);
  assert.equal(rows.rejected[0], 'differs');
  assert.equal(why, 'spell');
  assert.match(status, /^\d+ runs of /);
  // No spell any more: nothing is refused, and the picture says so.
  await page.ask((el, shadow) => shadow.querySelector('[name=spell][value=none]').click());
  await page.until(`document.querySelector('proxy-concurrency').scenario.spell === 'none'`);
  await page.settle();
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#simulated[data-state=ended]') && !document.querySelector('proxy-concurrency').shadowRoot.querySelector('.area')`);
  const calm = await seen(page);
  assert.deepEqual([calm.areas, calm.effect], [[], null]);
  assert.match(calm.said[1], /Nothing is refused/);
});

test('Cancel keeps what there is and says how far it came; the button then runs it again', async () => {
  await opened(LONG, 'running');
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#simulated progress')`);
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#simulated .curve')?.getAttribute('d').length > 20`);
  const running = await seen(page);
  assert.deepEqual([running.state, running.button], ['running', 'Cancel']);
  const bar = await page.ask((el, shadow) => shadow.querySelector('progress').ariaLabel ?? shadow.querySelector('progress').getAttribute('aria-label'));
  assert.equal(bar, 'Progress of the simulation');
  const press = () => page.ask((el, shadow) => {
    const button = shadow.querySelector('.progress button');
    button.focus();
    button.click();
  });
  await press();
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#simulated[data-state=stopped]')`);
  await page.settle();
  const stopped = await seen(page);
  assert.match(stopped.status, /^Stopped at [\d.]+%/);
  assert.ok(stopped.curves[0].length > 20 && Object.keys(stopped.rows).length > 3);
  assert.deepEqual([stopped.button, stopped.stale], ['Run again', false]);
  // The focus is still there, and the Worker works on nothing.
  assert.equal(await page.ask((el, shadow) => shadow.activeElement?.textContent), 'Run again');
  const { told } = await worked();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal((await worked()).told.length, told.length);
  // Said politely, once, at the end.
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#simulated output').textContent.startsWith('Stopped at')`);
  await press();
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#simulated[data-state=running]')`);
  assert.equal(started(await worked()).length, 2);
});

test('a change drops the old run; the last picture keeps its place until the next one', async () => {
  await opened();
  const { height, curves } = await seen(page);
  // The Worker is busy with a long one when the next case comes.
  await page.paste('simulated-time', LONG['simulated-time']);
  await page.until(`window.asked.filter(({ does }) => does === 'start').length === 2`);
  await page.paste('simulated-time', '');
  await page.paste('arrival-rate', '52');
  await page.until(`window.asked.some(({ does, record }) => does === 'start' && record.arrivalRate === 52 && !record.simulatedTime)`);
  await simulated(page);
  const worker = await worked();
  const runs = started(worker);
  const dropped = worker.asked.filter(({ does }) => does === 'drop').map(({ run }) => run);
  assert.ok(dropped.includes(runs[1].run));
  assert.equal(runs.at(-1).record.arrivalRate, 52);
  // Of a dropped run nothing more is told after the next one's first word.
  const first = worker.told.findIndex(({ run }) => run === runs.at(-1).run);
  assert.deepEqual([...new Set(worker.told.slice(first).map(({ run }) => run))], [runs.at(-1).run]);
  const now = await seen(page);
  assert.notDeepEqual(now.curves, curves);
  assert.equal(now.height, height);
  assert.equal(worker.workers, 1);
});

test('under a moving slider the picture is never gone, and never of another height', async () => {
  // So slow that a picture ends between two steps or not, and so long that none ends.
  for (const [attributes, state, pace, frames] of [[{}, 'ended', 3, 60], [LONG, 'running', 20, 100]]) {
    await opened(attributes, state);
    await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#simulated .curve')?.getAttribute('d')`);
    const seenHeights = await page.driver.executeAsyncScript(`const [pace, frames, done] = arguments;
      const el = document.querySelector('proxy-concurrency');
      const slider = el.shadowRoot.querySelector('input[type=range]');
      el.shadowRoot.querySelector('#simulated').scrollIntoView();
      const heights = new Set();
      let gone = 0, steps = 0;
      const frame = () => {
        heights.add(el.shadowRoot.querySelector('#simulated').getBoundingClientRect().height);
        if (!el.shadowRoot.querySelector('#simulated .curve')?.getAttribute('d')) gone += 1;
        if ((steps += 1) % pace === 0) {
          slider.stepDown();
          slider.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
        }
        if (steps < frames) requestAnimationFrame(frame); else done({ heights: [...heights], gone });
      };
      frame();`, pace, frames);
    assert.deepEqual([seenHeights.heights.length, seenHeights.gone], [1, 0], JSON.stringify(seenHeights));
  }
});

test('two widgets share one Worker, each with a run of its own', async () => {
  await listen(page);
  await page.fresh({ ...CASE, ...SHORT, panels: 'when-exceeded', cap: '140' });
  await page.ask((el) => {
    const second = document.createElement('proxy-concurrency');
    for (const { name, value } of el.attributes) if (name !== 'data-state') second.setAttribute(name, value);
    second.setAttribute('cap', '130');
    second.id = 'second';
    el.after(second);
  });
  await simulated(page);
  // It does not start before it is near.
  await page.ask(() => document.querySelector('#second').scrollIntoView());
  await page.until(`document.querySelector('#second').shadowRoot?.querySelector('#simulated')`);
  await page.ask(() => document.querySelector('#second').shadowRoot.querySelector('#simulated').scrollIntoView());
  await page.until(`document.querySelector('#second').shadowRoot.querySelector('#simulated[data-state=ended]')`);
  const worker = await worked();
  assert.equal(worker.workers, 1);
  assert.deepEqual(started(worker).map(({ record }) => record.cap), [140, 130]);
  const first = await page.ask((el, shadow) => shadow.querySelector('[data-quantity=rejected]').innerText);
  assert.notEqual(await page.ask(() => document.querySelector('#second').shadowRoot.querySelector('[data-quantity=rejected]').innerText), first);
});

test('only what somebody can see runs', async () => {
  await listen(page);
  await page.fresh({ ...CASE, ...LONG, panels: 'when-exceeded' });
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#simulated')`);
  await page.ask((el) => {
    document.body.style.paddingBlock = '4000px';
    scrollTo(0, 0);
  });
  await page.settle();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const told = async () => (await worked()).told.length;
  const held = async () => {
    const before = await told();
    await new Promise((resolve) => setTimeout(resolve, 400));
    return (await told()) === before;
  };
  /** Once what was under way when it was asked to hold has been told. */
  const holds = async () => {
    for (let tries = 0; tries < 10; tries += 1) if (await held()) return true;
    return false;
  };
  assert.equal(await held(), true);
  await page.ask((el, shadow) => shadow.querySelector('#simulated').scrollIntoView());
  await page.until('window.told.length > 3');
  assert.equal(await held(), false);
  await page.ask(() => scrollTo(0, 0));
  await page.until(`window.asked.some(({ does }) => does === 'hold')`);
  assert.equal(await holds(), true);
  await page.ask((el, shadow) => shadow.querySelector('#simulated').scrollIntoView());
  await page.until(`window.asked.some(({ does }) => does === 'resume')`);
  assert.equal(await held(), false);
  // Another panel: its run is not kept for it.
  await page.ask((el) => el.remove());
  await page.until(`window.asked.some(({ does }) => does === 'drop')`);
});

test('the address, attributes, reset and undo have its choices', async () => {
  await listen(page);
  await page.load('/#spell=burst&burst-factor=3&seed=7');
  await page.show('when-exceeded');
  await simulated(page);
  assert.deepEqual(await page.ask((el, shadow) => [shadow.querySelector('[name=spell]:checked').value, shadow.querySelector('[name=burst-factor]').value]), ['burst', '3']);
  await page.choose('retries', '0');
  await page.until(`location.hash.includes('retries=0')`);
  const { scenario } = await page.see();
  assert.deepEqual([scenario.spell, scenario.burstFactor, scenario.seed, scenario.retries], ['burst', 3, 7, 0]);
  const press = (words) => page.ask((el, shadow, words) => [...shadow.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === words).click(), words);
  await press('Reset');
  await page.settle();
  assert.equal((await page.see()).scenario.spell, undefined);
  await press('Undo reset');
  await page.settle();
  assert.equal((await page.see()).scenario.spell, 'burst');
  // With other chance, under a name that a link can share.
  await simulated(page);
  await press('Run again');
  await page.until(`location.hash.includes('seed=8')`);
});

test('what cannot be simulated is said beside its field in the reader’s language, and the last picture stays', async () => {
  await opened();
  const before = await seen(page);
  await page.ask((el, shadow) => { shadow.querySelector('#simulated details').open = true; });
  await page.paste('seed', '-1');
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#simulated[data-state=refused]')`);
  await page.settle();
  const wrong = await seen(page);
  assert.match(wrong.errors.seed, /^Must be a whole number from 0 to .*, not -1\.$/);
  assert.deepEqual([wrong.curves, wrong.stale], [before.curves, true]);
  await page.ask((el) => { el.locale = 'de'; });
  await page.until(`/ganze Zahl/.test(document.querySelector('proxy-concurrency').shadowRoot.querySelector('#simulated [data-error=seed]').textContent)`);
  await page.ask((el) => { el.locale = 'en'; });
  await page.paste('seed', '');
  await simulated(page);
  assert.deepEqual((await seen(page)).errors, {});
  // One that two fields make together.
  await page.choose('arrival-pattern', 'recorded');
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#simulated [data-error=arrival-times]').textContent`);
  assert.equal((await seen(page)).errors['arrival-times'], 'Is missing: when were the requests sent?');
});

test('a plan that limits no number at once says so, and nothing is loaded', async () => {
  await page.fresh({ ...CASE, 'plan-counts': 'requests-per-minute', panels: 'when-exceeded' });
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#panel .note')`);
  assert.match((await page.panel()).text, /has no cap on what is in flight/);
  assert.deepEqual((await page.requests()).filter((path) => /simulat(ed|or)/.test(path)), []);
});

test('the keyboard alone changes the spell and cancels', async () => {
  await opened();
  await page.ask((el, shadow) => shadow.querySelector('[name=spell]:checked').focus());
  await page.press(Key.ARROW_RIGHT);
  assert.deepEqual(await page.ask((el, shadow) => [el.scenario.spell, shadow.activeElement.value]), ['slow', 'slow']);
  await page.press(Key.TAB);
  assert.equal(await page.ask((el, shadow) => shadow.activeElement.name), 'spell-start');
  await page.paste('simulated-time', LONG['simulated-time']);
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('.progress button').textContent === 'Cancel'`);
  await page.ask((el, shadow) => shadow.querySelector('.progress button').focus());
  await page.press(Key.ENTER);
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#simulated[data-state=stopped]')`);
});

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:";
const STRICT = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Strict</title><script type="module" src="proxy-concurrency.js"></script></head>
<body><proxy-concurrency arrival-rate="50" response-time="2.5" response-time-p95="8" plan-tiers="50, 100, 200, 500" cap="140" panels="when-exceeded" simulated-time="3000"></proxy-concurrency></body></html>`;

/** Under a policy: what the part says, whether a Worker was there, and what was refused. */
async function under(policy, { html = STRICT, before = () => {} } = {}) {
  const strict = await open({ headers: { 'content-security-policy': policy }, html });
  try {
    await strict.load();
    await before(strict);
    await simulated(strict);
    // A Worker asks for its WebAssembly itself.
    const onPage = (await strict.requests()).some((path) => path.endsWith('simulator_bg.wasm'));
    return { onPage, ...(await seen(strict)), complaints: (await strict.complaints()).filter((said) => !/favicon/.test(said)) };
  } finally {
    await strict.close();
  }
}

test('where a policy refuses Workers, the page simulates, with the same numbers', async () => {
  await opened({ ...SHORT, cap: '140' });
  const { rows } = await seen(page);
  const allowed = await under(POLICY);
  assert.deepEqual([allowed.onPage, allowed.rows, allowed.complaints], [false, rows, []]);
  const refused = await under(`${POLICY}; worker-src 'none'`);
  assert.deepEqual([refused.onPage, refused.rows], [true, rows]);
  // What the browser says of the refused Worker is its own.
  assert.deepEqual(refused.complaints.filter((said) => !/worker|polic/i.test(said)), []);
});

test('a script of another host: the page simulates, with the same numbers', async () => {
  await opened({ ...SHORT, cap: '140' });
  const { rows } = await seen(page);
  const other = await serve(join(root, 'web/dist'), { headers: { 'access-control-allow-origin': '*' } });
  try {
    const html = STRICT.replace('src="', `src="${other.url}`);
    const found = await under(POLICY.replace(/(script|connect)-src 'self'/g, `$& ${other.url}`), { html });
    assert.deepEqual([found.onPage, found.rows, found.complaints], [true, rows, []]);
  } finally {
    await other.close();
  }
});

test('Trusted Types: the policy proxy-concurrency lets the Worker run, and without it the page simulates', { skip: browser === 'firefox' && 'Firefox ESR has no Trusted Types' }, async () => {
  const types = (names) => `${POLICY}; require-trusted-types-for 'script'; trusted-types ${names}`;
  const named = await under(types('lit-html proxy-concurrency'));
  assert.deepEqual([named.onPage, named.complaints], [false, []]);
  const unnamed = await under(types('lit-html'));
  assert.deepEqual([unnamed.onPage, unnamed.rows], [true, named.rows]);
});

test('without Workers, and where a Worker fails, the page simulates and stays responsive', async () => {
  await page.ask(() => { delete window.Worker; window.Worker = undefined; });
  await page.fresh({ ...CASE, ...SHORT, panels: 'when-exceeded' });
  await simulated(page);
  await page.ask((el, shadow) => shadow.querySelector('#simulated').scrollIntoView());
  await page.paste('simulated-time', LONG['simulated-time']);
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#simulated progress')`);
  // Frames go on while it runs, and its progress with them: a run in one piece would be over at the first.
  const seen = await page.driver.executeAsyncScript(`const done = arguments[0]; const seen = [];
    const look = () => {
      const progress = document.querySelector('proxy-concurrency').shadowRoot.querySelector('#simulated progress')?.value ?? null;
      seen.push(progress);
      if (progress === null || (seen.length >= 5 && progress > seen[0])) done(seen); else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);`);
  assert.ok(!seen.includes(null), `over after ${seen.length} frames`);
  await page.ask((el, shadow) => shadow.querySelector('.progress button').click());
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#simulated[data-state=stopped]')`);

  await page.load();
  await page.ask(() => {
    window.Worker = class extends Worker {
      constructor() {
        super('missing.js', { type: 'module' });
      }
    };
  });
  await page.fresh({ ...CASE, ...SHORT, panels: 'when-exceeded' });
  await simulated(page);
  // The browser's own word on the file that is missing.
  await page.complaints();
});
