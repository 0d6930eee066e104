// The simulator in wasm against the native one: every number of a result to the last bit, in steps of any size.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences, native, numbers } from '../src/vectors.mjs';
import * as simulator from '../../web/pkg/simulator/proxy_concurrency_simulator.js';
import { simulation, simulationFields } from './wasm.mjs';

const CASE = { arrivalRate: 50, responseTime: 2.5, responseTimeP95: 8, planTiers: [50, 100, 200], simulatedTime: 200 };
const QUEUE = { overLimit: 'queue', cap: 130, clientTimeout: 0.5 };
const OPEN = { planCounts: 'open-connections', cap: 200, idleTime: 2, setupTime: 0.3 };
const times = Array.from({ length: 3000 }, (_, i) => (i * 7919) % 100);

const RECORDS = [
  ...['poisson', 'regular', 'bursty', 'workers'].map((arrivalPattern) => ({ arrivalPattern, cap: 130 })),
  { arrivalPattern: 'recorded', arrivalTimes: times, cap: 130, simulatedTime: null },
  { arrivalPattern: 'bursty', burstPeak: 20, burstLength: 3, cap: 150 },
  { arrivalPattern: 'workers', workers: 200, thinkTime: 0.7, cap: 130 },
  { arrivalPattern: 'workers', workers: 140, retries: 0, cap: 130, simulatedTime: 20 },
  ...['reject', 'queue', 'per-ip', 'shrinking-cap', 'penalty'].map((overLimit) => ({ overLimit, cap: 125 })),
  { overLimit: 'shrinking-cap', reducedAfter: 3000, reducedCap: 90, cap: 130 },
  { overLimit: 'penalty', penaltyRefusals: 30, penaltyTime: 20, cap: 125 },
  { overLimit: 'per-ip', exitIps: 7, cap: 140 },
  { overLimit: 'queue', queuePlaces: 5, cap: 120 },
  ...['slow', 'burst', 'fail'].map((spell) => ({ spell, cap: 150, simulatedTime: null })),
  ...['slow', 'burst', 'fail'].map((spell) => ({ ...QUEUE, spell, spellStart: 20, spellLength: 5, failAfter: 0.2, burstFactor: 3, simulatedTime: 60 })),
  { spell: 'slow', slowFactor: 7, cap: 150, arrivalPattern: 'workers', simulatedTime: 80 },
  ...['fitted', 'exponential', 'deterministic'].map((responsePattern) => ({ responsePattern, cap: 130 })),
  { responseTime: null, responseTimeP95: null, responseTimeSamples: [0.1, 1, 1.5, 2, 9], cap: 130 },
  { responseTimeP95: 100, cap: 130 },
  ...['waiting', 'response'].flatMap((timeoutCovers) => ['served', 'cancelled'].map((lateWork) => ({ ...QUEUE, timeoutCovers, lateWork }))),
  { clientTimeout: 4, timeoutCovers: 'response', cap: 150, retries: 5, backoff: 0.1, backoffFactor: 3, longestBackoff: 2, jitter: 0.4 },
  { cap: 110, retries: 0 }, { cap: 110, retries: 100, backoff: 0, longestBackoff: 0 }, { cap: 110, retries: 3, jitter: 0 },
  { ...OPEN }, { ...OPEN, clientPool: true }, { ...OPEN, clientPool: true, innerHttp: '2', maxConcurrentStreams: 10 },
  { clientPool: true, setupTime: 0.5, idleTime: 1, cap: 140 }, { innerHttp: '2', cap: 2 },
  { planCounts: 'tunnels', route: 'h2-proxy', cap: 3, clientPool: true },
  { arrivalRate: 0 }, { arrivalRate: 1e6, responseTime: 1e-3, responseTimeP95: 2e-3, simulatedTime: 0.05 }, { arrivalRate: 1e-5, simulatedTime: 1e7 },
  { seed: 2 ** 53 - 1 }, { seed: 0, cap: 130 },
].map((more) => ({ ...CASE, ...more }));

/** What a record gives, taken in steps. */
function simulated(record, step) {
  const run = simulation(record);
  while (run.advance(step) < 1);
  const results = run.results();
  run.free();
  return results;
}

test('every simulation is native’s to the last bit, in steps of any size, and its numbers are finite', () => {
  assert.ok(RECORDS.length >= 40, `only ${RECORDS.length} records`);
  let compared = 0;
  for (const [i, record] of RECORDS.entries()) {
    const { status, answer: want } = native(record, 'simulate');
    const name = JSON.stringify({ ...record, arrivalTimes: record.arrivalTimes?.length });
    assert.equal(status, 0, name);
    for (const step of [[5e8, 9973, 100_003][i % 3], 1000 * (i + 1)]) {
      const got = simulated(record, step);
      assert.deepEqual(differences(got, want).slice(0, 5), [], `${name} in steps of ${step}`);
      assert.deepEqual(numbers(got).filter((x) => !Number.isFinite(x)), [], name);
      compared += numbers(got).length;
    }
  }
  assert.ok(compared > 100_000, `only ${compared} numbers`);
});

test('memory does not grow with the length of a run', () => {
  // What is loaded already is given back.
  const { memory } = simulator.initSync({ module: new Uint8Array() });
  const run = simulation({ ...CASE, simulatedTime: null });
  for (let i = 0; i < 10; i++) run.advance(10_000);
  const before = memory.buffer.byteLength;
  while (run.advance(100_000) < 1);
  const { events, progress } = run.results();
  run.free();
  assert.ok(progress === 'complete' && events > 3e6, `${progress} after ${events} events`);
  assert.equal(memory.buffer.byteLength, before);
});

test('other seeds give other runs', () => {
  const [a, b] = [1, 2].map((seed) => simulated({ ...CASE, seed }, 1e6));
  assert.notDeepEqual(differences(a.results, b.results), []);
});

test('bad records meet the native sentences', () => {
  const choices = simulationFields().filter(({ takes }) => takes.kind === 'choice');
  const bad = [
    ...simulationFields().map(({ name }) => ({ [name]: 'nonsense' })), ...choices.map(({ name }) => ({ [name]: 1 })),
    { arrivalPattern: 'recorded' }, { arrivalPattern: 'recorded', arrivalTimes: [] }, { arrivalPattern: 'recorded', arrivalTimes: [-1] },
    { timeoutCovers: 'response' }, { spell: 'burst', arrivalPattern: 'workers' }, { spell: 'slow', simulatedTime: 20 },
    { clientPool: true, destinations: 2 }, { ...OPEN, clientPool: true, overLimit: 'per-ip' },
    { arrivalPattern: 'workers', arrivalRate: 1e8, planTiers: null }, { spell: 'slow', responseTime: 1e-6, responseTimeP95: 80000 }, { nonsense: 1 }, { seed: 1.5, jitter: 2 },
  ];
  for (const more of bad) {
    const input = { ...CASE, ...more };
    const { status, answer } = native(input, 'simulate');
    assert.equal(status, 1, JSON.stringify(more));
    assert.throws(() => simulation(input), (error) => {
      assert.deepEqual(error.all.map(({ field, message }) => ({ field, message })), answer.errors.map(({ field, message }) => ({ field, message })));
      return error.field === answer.error.field;
    }, JSON.stringify(more));
  }
});

test('a plan that limits a rate has no simulation', () => {
  assert.equal(simulation({ ...CASE, planCounts: 'requests-per-minute', route: 'forward' }), undefined);
  assert.equal(native({ ...CASE, planCounts: 'requests-per-minute', route: 'forward' }, 'simulate').answer, null);
});
