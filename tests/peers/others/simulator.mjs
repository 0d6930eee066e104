// The race of race.mjs in Node.js and in Chromium: simulator.mjs NATIVE NATIVE_FULL, the native speeds to compare with.
import { readFileSync } from 'node:fs';
import { race, SLICE, SYSTEMS } from './race.mjs';

const PKG = 'web/pkg/simulator/proxy_concurrency_simulator';
const pkg = new URL(`../../../${PKG}`, import.meta.url);
/** Native speeds by the number of the system. */
const native = { 1: Number(process.argv[2]), 3: Number(process.argv[3]) };

const mean = (values) => values.reduce((sum, x) => sum + x, 0) / values.length;
const line = (name, most, ours, native, values) => {
  // Student's 97.5 % point for eight runs.
  const said = ['meanWait', 'rejected', 'timedOut'].map((key) => {
    const of = values.map((each) => each[key]);
    const average = mean(of);
    return { average, half: (2.365 * Math.sqrt(mean(of.map((x) => (x - average) ** 2)))) / Math.sqrt(of.length - 1) };
  });
  const shown = said.map(({ average, half }, i) => `${['wait', 'rejected', 'timed out'][i]} ${average.toExponential(2)} ± ${half.toExponential(1)}`);
  console.log(`${name.padEnd(22)} ${most.toFixed(2).padStart(8)} (${(most / ours).toFixed(3).padStart(7)})${native ? `, of native ${(most / native).toFixed(3)}` : ''}   ${shown.join(', ')}`);
  return said;
};
const tell = (i, { most, found }) => {
  console.log(`\n${SYSTEMS[i].name}`);
  const [a, b] = [['ours in WebAssembly', 0], ['plain JavaScript', 1]].map(([who, j]) => line(who, most[j], most[0], native[i], found[j]));
  if (a.some(({ average, half }, j) => Math.abs(average - b[j].average) > 1.5 * (half + b[j].half))) console.log('WRONG: they simulate different things');
};
const heading = (where) => console.log(`\nIn ${where}, in slices of ${SLICE} events: million events a second (and as a multiple of ours in WebAssembly)`);

const { initSync, simulation } = await import(`${pkg}.js`);
initSync({ module: readFileSync(new URL(`${pkg}_bg.wasm`)) });
heading(`Node.js ${process.versions.node}`);
SYSTEMS.forEach((system, i) => tell(i, race(simulation, system, { stretch: 20_000, stretches: 120, cold: 20 })));

let page;
try {
  const { open } = await import('../../browser/page.mjs');
  page = await open({ folder: new URL('../../..', import.meta.url).pathname });
} catch (error) {
  console.log(`\nChromium               absent: ${error.message}`);
}
if (page) {
  try {
    await page.driver.get(`${page.url}/web/dist/page.css`);
    heading(`Chromium ${(await page.driver.getCapabilities()).get('browserVersion')}`);
    for (const i of [1, 3]) {
      const { failed, ...raced } = await page.driver.executeAsyncScript(
        `const [pkg, i, done] = arguments;
         Promise.all([import('/' + pkg + '.js'), import('/tests/peers/others/race.mjs')]).then(async ([module, { race, SYSTEMS }]) => {
           await module.default();
           // A page's clock is coarse.
           done(race(module.simulation, SYSTEMS[i], { stretch: 200_000, stretches: 12, cold: 2 }));
         }).catch((error) => done({ failed: String(error) }));`, PKG, i);
      if (failed) throw new Error(failed);
      tell(i, raced);
    }
  } finally {
    await page.close();
  }
}
