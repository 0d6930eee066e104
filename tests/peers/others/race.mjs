// Our simulator in WebAssembly beside the same model in plain JavaScript, in turns: in Node.js or a page, whoever imports this.
import { Queue } from './queue.mjs';

/** Events of a slice: both are called again and again, as in the page, since engines compile a function better meanwhile. */
export const SLICE = 10_000;
const RUNS = 8;

const SERVED = { responseTime: 1, responsePattern: 'exponential', setupTime: 0, idleTime: 0, retries: 0, overLimit: 'queue' };
/** In response times. */
export const SYSTEMS = [
  ...[10, 100, 1000].map((servers) => ({
    name: `M/M/${servers}, 0.9 busy`,
    ours: { ...SERVED, arrivalRate: 0.9 * servers, cap: servers, queuePlaces: 1e6 },
    theirs: { rate: 0.9 * servers, servers },
  })),
  {
    name: 'full model, 100 servers: 50 places to wait, timeouts, retries',
    ours: { ...SERVED, arrivalRate: 95, cap: 100, queuePlaces: 50, clientTimeout: 0.1, lateWork: 'cancelled', retries: 2, backoff: 1, backoffFactor: 2, longestBackoff: 60, jitter: 0.5 },
    theirs: { rate: 95, servers: 100, places: 50, timeout: 0.1, retries: 2, backoff: 1, factor: 2, longest: 60, jitter: 0.5 },
  },
];

/**
 * Millions of events a second, ours and theirs: the most of `stretches` of so many events, once warm, which is after `cold` of them. And
 * what each run of them said.
 */
export function race(simulation, { ours, theirs }, { stretch, stretches, cold }) {
  const speed = (advance) => {
    let most = 0;
    for (let i = 0; i < stretches; i += 1) {
      const start = performance.now();
      for (let done = 0; done < stretch; done += SLICE) advance(SLICE);
      if (i >= cold) most = Math.max(most, stretch / (performance.now() - start) / 1e3);
    }
    return most;
  };
  const most = [0, 0];
  const found = [[], []];
  // Longer than all of the stretches: two events to a request, or a few more.
  const simulatedTime = (1.1 * stretches * stretch) / (2 * ours.arrivalRate);
  for (let seed = 0; seed < RUNS; seed += 1) {
    const module = simulation({ ...ours, simulatedTime, seed });
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
  return { most, found };
}
