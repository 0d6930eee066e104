// What a reader waits for, on a processor that is four times slower. `node tests/browser/speed.mjs` after `make build`; `make bench`
// prints it. It asserts nothing: other work on the machine is in every figure.
import { open } from './page.mjs';

const SLOWER = 4;
const FRAME = 1000 / 60;

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
/** The tenth best of a hundred: what other work on the machine has not slowed. */
const best = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 10)];
const ms = (x) => `${x.toFixed(1)} ms`;
const line = (what, value, aim) => console.log(`${what.padEnd(58)} ${value.padStart(20)}   aim: ${aim}`);

const page = await open();
try {
  await page.driver.sendDevToolsCommand('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await page.driver.sendDevToolsCommand('Page.addScriptToEvaluateOnNewDocument', {
    source: `globalThis.long = []; new PerformanceObserver((list) => long.push(...list.getEntries().map(({ startTime, duration }) => [startTime, duration]))).observe({ type: 'longtask', buffered: true });`,
  });

  const visits = async (what) => {
    const starts = [];
    for (let i = 0; i < 7; i += 1) {
      await page.load(`/?${what}${i}`);
      await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#panel > *')`);
      await new Promise((resolve) => setTimeout(resolve, 300));
      starts.push(await page.ask(() => {
        const files = performance.getEntriesByType('resource');
        const [answered] = performance.getEntriesByName('proxy-concurrency:report');
        const before = files.filter(({ responseEnd }) => responseEnd <= answered.startTime);
        return {
          requests: files.filter(({ startTime }) => startTime < answered.startTime).length,
          answer: answered.startTime - Math.max(...before.map(({ responseEnd }) => responseEnd)),
          script: answered.startTime - before.find(({ name }) => name.endsWith('.js')).responseEnd,
          longest: Math.max(0, ...globalThis.long.map(([, duration]) => duration)),
        };
      }));
    }
    return starts;
  };
  const both = (values) => `${ms(best(values))} / ${ms(median(values))}`;
  const starts = await visits('slow');
  console.log(`At ${SLOWER} times less speed, ${starts.length} visits, 25 keystrokes each; best tenth / median:`);
  line('from the last file to the first answer', both(starts.map(({ answer }) => answer)), '200 ms');
  line('from the script to the first answer, the wasm’s way included', both(starts.map(({ script }) => script)), '200 ms');
  line('longest task while it starts', both(starts.map(({ longest }) => longest)), '50 ms; 0: none was longer');
  line('requests before the first answer', String(Math.max(...starts.map(({ requests }) => requests))), '3');

  // From the input event to the answer, laid out; the shown panel follows in a task of its own.
  const typed = (count) => page.driver.executeAsyncScript(
    `const [count, done] = arguments;
     const el = document.querySelector('proxy-concurrency');
     const field = el.shadowRoot.querySelector('[name=arrival-rate]');
     const answer = el.shadowRoot.querySelector('.answer');
     const times = [];
     const next = (i) => {
       if (i === count) return done(times);
       const start = performance.now();
       field.value = String(40 + (i % 40));
       field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
       Promise.resolve().then(() => {}).then(() => {
         answer.getBoundingClientRect();
         times.push(performance.now() - start);
         setTimeout(() => el.updateComplete.then(() => setTimeout(() => next(i + 1), 30)));
       });
     };
     next(0);`, count);
  for (const panel of ['response-time', 'protocol', 'limits', 'when-exceeded', 'configure', 'scale', 'probe']) {
    await page.show(panel);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await page.ask(() => { globalThis.long.length = 0; });
    const times = await typed(25);
    const long = await page.ask(() => globalThis.long.map(([, duration]) => duration));
    line(`a keystroke to its answer laid out, with ${panel}`, both(times), `${ms(FRAME)}; tasks over 50 ms: ${long.length}`);
  }

  await page.driver.sendDevToolsCommand('Emulation.setCPUThrottlingRate', { rate: 1 });
  line('longest task while it starts, at full speed', both((await visits('full')).map(({ longest }) => longest)), '50 ms; 0: none was longer');
  // The main thread's own time, which a busy machine makes no longer: at full speed, times as many.
  await page.driver.sendAndGetDevToolsCommand('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () => {
    const { metrics } = await page.driver.sendAndGetDevToolsCommand('Performance.getMetrics', {});
    return metrics.filter(({ name }) => ['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'].includes(name)).reduce((sum, { value }) => sum + value * 1000, 0);
  };
  for (const panel of ['response-time', 'limits']) {
    await page.show(panel);
    const before = await spent();
    await typed(20);
    line(`${SLOWER} × processor time of a keystroke, panel and all: ${panel}`, ms((SLOWER * ((await spent()) - before)) / 20), ms(FRAME));
  }
  await page.load('/?start');
  line(`${SLOWER} × processor time of a visit, panel and all`, ms(SLOWER * (await spent())), '200 ms for the answer');

  // What simulates has its own files, which the page does not see arrive: from the moment at which it could begin.
  const pictures = [];
  for (let i = 0; i < 7; i += 1) {
    await page.load(`/?picture${i}`);
    pictures.push(await page.driver.executeAsyncScript(
      `const done = arguments[0];
       const { shadowRoot } = document.querySelector('proxy-concurrency');
       let began;
       const look = () => {
         const part = shadowRoot.querySelector('#simulated');
         if (part && began === undefined) {
           began = performance.now();
           part.scrollIntoView();
         }
         if (part?.querySelector('svg')) return done(performance.now() - began);
         requestAnimationFrame(look);
       };
       shadowRoot.querySelector('#tab-when-exceeded').click();
       look();`));
  }
  line('at full speed, from its form to the first simulated picture', both(pictures), '100 ms');

  await page.driver.get('about:blank');
  await page.driver.get(`${page.url}/page.css`);
  await page.driver.executeAsyncScript(
    `const done = arguments[0];
     const space = document.body.appendChild(document.createElement('div'));
     space.style.height = '3000px';
     document.body.appendChild(document.createElement('proxy-concurrency'));
     const script = Object.assign(document.createElement('script'), { type: 'module', src: '/proxy-concurrency.js', onload: () => setTimeout(done, 800) });
     document.head.append(script);`,
  );
  line('files loaded while 3000 px away, the script itself', String((await page.requests()).filter((name) => !name.endsWith('.ico')).length), '1');
} finally {
  await page.close();
}
