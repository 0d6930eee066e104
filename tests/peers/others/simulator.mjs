// Our simulator in WebAssembly beside the same model in plain JavaScript, in turns in one process: simulator.mjs NATIVE NATIVE_FULL, the
// native speeds to compare with. Both in short slices, as in the page: V8 compiles a function better while it is called again.
import { readFileSync } from 'node:fs';
import { Queue } from './queue.mjs';

const pkg = new URL('../../../web/pkg/simulator/proxy_concurrency_simulator', import.meta.url);
const { initSync, simulation } = await import(`${pkg}.js`);
initSync({ module: readFileSync(new URL(`${pkg}_bg.wasm`)) });

const SLICE = 10_000;
const STRETCH = 20_000;
const STRETCHES = 120;
/** In which it gets warm. */
const COLD = 20;
const RUNS = 8;
/** Longer than all of the stretches: two events to a request, or a few more. */
const time = (rate) => (1.1 * STRETCHES * STRETCH) / (2 * rate);
const SERVED = { responseTime: 1, responsePattern: 'exponential', setupTime: 0, idleTime: 0, retries: 0, overLimit: 'queue' };
const SYSTEMS = [
  ...[10, 100, 1000].map((servers) => ({
    name: `M/M/${servers}, 0.9 busy`,
    ours: { ...SERVED, arrivalRate: 0.9 * servers, simulatedTime: time(0.9 * servers), cap: servers, queuePlaces: 1e6 },
    theirs: { rate: 0.9 * servers, servers },
    native: servers === 100 ? Number(process.argv[2]) : undefined,
  })),
  {
    name: 'full model, 100 servers: 50 places to wait, timeouts, retries',
    ours: { ...SERVED, arrivalRate: 95, simulatedTime: time(95), cap: 100, queuePlaces: 50, clientTimeout: 0.1, lateWork: 'cancelled', retries: 2, backoff: 1, backoffFactor: 2, longestBackoff: 60, jitter: 0.5 },
    theirs: { rate: 95, servers: 100, places: 50, timeout: 0.1, retries: 2, backoff: 1, factor: 2, longest: 60, jitter: 0.5 },
    native: Number(process.argv[3]),
  },
];

/** Millions of events a second: the most of many short stretches, once warm. */
const speed = (advance) => {
  let most = 0;
  for (let i = 0; i < STRETCHES; i += 1) {
    const start = performance.now();
    for (let done = 0; done < STRETCH; done += SLICE) advance(SLICE);
    if (i >= COLD) most = Math.max(most, STRETCH / (performance.now() - start) / 1e3);
  }
  return most;
};

const mean = (values) => values.reduce((sum, x) => sum + x, 0) / values.length;
const line = (name, most, ours, native, values) => {
  const of = (key) => values.map((each) => each[key]);
  // Student's 97.5 % point for eight runs, twice.
  const said = ['meanWait', 'rejected', 'timedOut'].map((key) => {
    const average = mean(of(key));
    return { average, half: (2.365 * Math.sqrt(mean(of(key).map((x) => (x - average) ** 2)))) / Math.sqrt(RUNS - 1) };
  });
  const shown = said.map(({ average, half }, i) => `${['wait', 'rejected', 'timed out'][i]} ${average.toExponential(2)} ± ${half.toExponential(1)}`);
  console.log(`${name.padEnd(22)} ${most.toFixed(2).padStart(8)} (${(most / ours).toFixed(3).padStart(7)})${native ? `, of native ${(most / native).toFixed(3)}` : ''}   ${shown.join(', ')}`);
  return said;
};

console.log(`\nIn Node.js ${process.versions.node}, in slices of ${SLICE} events: million events a second (and as a multiple of ours in WebAssembly)`);
for (const { name, ours, theirs, native } of SYSTEMS) {
  const most = [0, 0];
  const found = [[], []];
  for (let run = 0; run < RUNS; run += 1) {
    const module = simulation({ ...ours, seed: run });
    most[0] = Math.max(most[0], speed((n) => module.advance(n)));
    if (module.advance(1) === 1) throw new Error('the run ended: what came after took no time');
    const { totals, meanWait } = module.results().results;
    found[0].push({ meanWait: meanWait?.mean ?? NaN, rejected: totals.rejected / totals.attempts, timedOut: totals.timedOut / totals.attempts });
    module.free();
    const queue = new Queue(theirs);
    most[1] = Math.max(most[1], speed((n) => queue.advance(n)));
    const { attempts, rejected, timedOut, started, waited } = queue.counts;
    found[1].push({ meanWait: waited / started, rejected: rejected / attempts, timedOut: timedOut / attempts });
  }
  console.log(`\n${name}`);
  const [a, b] = [['ours in WebAssembly', 0], ['plain JavaScript', 1]].map(([who, i]) => line(who, most[i], most[0], native, found[i]));
  if (a.some(({ average, half }, i) => Math.abs(average - b[i].average) > 1.5 * (half + b[i].half))) console.log('WRONG: they simulate different things');
}
