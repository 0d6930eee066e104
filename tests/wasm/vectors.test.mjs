// The vector files against the shipped wasm, and every number of it against the native core.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { at, differences, kebab, native, numbers, plain, refusals, root, rows, special } from '../src/vectors.mjs';
import { read } from '../../web/messages/compile.mjs';
import { answer, environmentFields, exceeded, fields, limits, report, scale, shipped, simulationFields, version } from './wasm.mjs';

test('every row gives exactly what it wants', () => {
  const all = rows();
  assert.ok(all.length >= 100, `only ${all.length} rows`);
  const wrong = all.flatMap(({ name, input, want, within }) => {
    const got = answer(input);
    return Object.entries(want).flatMap(([path, value]) => differences(at(got, path), value, `${name}: ${path}`, within));
  });
  assert.deepEqual(wrong, []);
});

test('every answer is native’s to the last bit, and its numbers are finite', () => {
  let compared = 0;
  for (const { name, input } of rows()) {
    const got = answer(input);
    const { status, answer: want } = native(input);
    assert.equal(status, 0, name);
    assert.deepEqual(differences(got, want), [], name);
    assert.deepEqual(numbers(got).filter((x) => !Number.isFinite(x)), [], name);
    compared += numbers(got).length;
  }
  assert.ok(compared > 40_000, `only ${compared} numbers`);
});

test('the occupancy of a small load is 0, not -0, in wasm too', () => {
  for (let load = 0.001; load < 0.2; load *= 1.1) {
    const input = { arrivalRate: load, responseTime: 1 };
    assert.deepEqual(differences(answer(input), native(input).answer), [], load);
  }
});

test('scenarios of full-length doubles give native’s bits', () => {
  // A seeded walk (a 32-bit linear congruential generator) over full-length doubles, which no vector has.
  let state = Number(process.env.SEED ?? 1);
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const pick = (list) => list[Math.floor(random() * list.length)];
  const choices = [...fields(), ...environmentFields()].filter(({ takes }) => takes.kind === 'choice');
  for (let i = 0; i < 300; i++) {
    const input = {
      arrivalRate: 10 ** (6 * random() - 3), responseTime: 10 ** (4 * random() - 3), headroom: random(),
      responseTimeP95: 10 ** (4 * random() - 3), setupTime: random(), idleTime: 100 * random(), connectionReuse: random(),
      destinations: 1 + Math.floor(50 * random()), maxConcurrentStreams: 1 + Math.floor(200 * random()),
      planTiers: [{ size: 1 + Math.floor(1e4 * random()), price: 100 * random() }], warm: random() < 0.5,
    };
    const load = input.arrivalRate * input.responseTime;
    Object.assign(input, {
      failTarget: 10 ** (-5 * random() - 1), waitTarget: 10 ** (4 * random() - 3), queuePlaces: Math.floor(10 ** (4 * random())) - 1,
      retries: Math.floor(8 * random()), exitIps: 1 + Math.floor(100 * random()), reducedCap: Math.floor(load * random()),
      reducedAfter: 10 ** (10 * random()), penaltyRefusals: 1 + Math.floor(10 ** (5 * random())), penaltyTime: 1000 * random(),
    });
    // Caps about the load, where something happens; and the plan's.
    if (random() < 0.7) input.cap = 1 + Math.floor(load * (0.5 + random()));
    for (const { name, takes } of environmentFields()) {
      if (takes.kind !== 'number' || random() < 0.5) continue;
      const [low, high] = [Math.max(takes.min, 1e-3), Math.min(takes.max, 1e6)];
      input[name] = takes.whole ? Math.ceil(low * (high / low) ** random()) : low * (high / low) ** random();
    }
    // Shared by more credentials than it holds, a cap is refused.
    input.credentials = 1;
    if (random() < 0.5) input.clientTimeout = input.responseTime * random();
    for (const { name, takes } of choices) if (name !== 'deadlineUnit') input[name] = pick(takes.options);
    const { status, answer: want } = native(input);
    assert.equal(status, 0, JSON.stringify(want));
    const got = answer(input);
    assert.deepEqual(differences(got, want), [], JSON.stringify(input));
    assert.deepEqual(numbers(got).filter((x) => !Number.isFinite(x)), [], JSON.stringify(input));
  }
});

test('the first answer’s module knows nothing of the others', () => {
  const names = (file) => WebAssembly.Module.exports(new WebAssembly.Module(shipped(file))).map(({ name }) => name);
  assert.ok(names('proxy_concurrency_bg.wasm').includes('report'));
  assert.ok(!names('proxy_concurrency_bg.wasm').includes('exceeded'));
  assert.ok(names('parts/proxy_concurrency_exceeded_bg.wasm').includes('exceeded'));
  for (const name of ['limits', 'scale', 'environmentFields']) {
    assert.ok(!names('proxy_concurrency_bg.wasm').includes(name) && names('parts/proxy_concurrency_advice_bg.wasm').includes(name), name);
  }
  assert.ok(!shipped('proxy_concurrency_bg.wasm').includes('ephemeralPorts'), 'an environment’s field is there');
  assert.ok(!shipped('proxy_concurrency_bg.wasm').includes('serversForTarget'), 'its result is there');
  // A form asks the module of its panel for the fields; the simulator itself comes when something is simulated.
  assert.ok(names('parts/proxy_concurrency_exceeded_bg.wasm').includes('simulationFields'));
  assert.ok(names('parts/proxy_concurrency_simulator_bg.wasm').includes('simulation'));
  for (const part of ['exceeded', 'simulator', 'advice']) {
    assert.ok(!names(`parts/proxy_concurrency_${part}_bg.wasm`).includes('report'), `${part} has the first answer`);
  }
  assert.ok(!shipped('proxy-concurrency.js').includes('proxy_concurrency_exceeded'), 'the script asks for the other module');
});

test('every bad input meets its sentences, as Errors that name field and value', () => {
  const all = refusals();
  assert.ok(all.length >= 60, `only ${all.length} rows`);
  for (const row of all) {
    const input = special(row.input);
    for (const question of [report, exceeded, limits, scale]) {
      let thrown;
      try {
        question(input);
      } catch (error) {
        thrown = error;
      }
      assert.ok(thrown instanceof Error, `${row.name} was accepted`);
      assert.deepEqual(thrown.all.map(({ field, message }) => ({ field, message })), row.errors, row.name);
      assert.equal(thrown, thrown.all[0], row.name);
      for (const error of thrown.all) {
        assert.ok(error instanceof Error && Object.hasOwn(error, 'value'), row.name);
        if (error.field !== 'scenario' && Object.hasOwn(input, error.field)) {
          assert.ok(Object.is(error.value, input[error.field]), `${row.name}: ${error.field} holds another value`);
        }
      }
    }
  }
});

test('the native example refuses with the same sentences and status 1', () => {
  for (const row of refusals().filter(({ input }) => plain(input))) {
    const { status, answer } = native(row.input);
    assert.equal(status, 1, row.name);
    assert.deepEqual(answer.errors.map(({ field, message }) => ({ field, message })), row.errors, row.name);
    assert.deepEqual(answer.error, answer.errors[0], row.name);
    assert.deepEqual(Object.keys(answer.error).sort(), ['field', 'message', 'value'], row.name);
  }
});

for (const [record, list] of [['Scenario', fields], ['Environment', environmentFields], ['SimulationFields', simulationFields]]) test(`fields are what the ${record} type has, with unit, limits and default, and the page has words for them`, () => {
  const types = readFileSync(`${root}web/src/types.ts`, 'utf8').replace(/\/\*\*.*?\*\//gs, '');
  const [, body] = new RegExp(`export type ${record} = \\{(.*?)\\n?\\};`, 's').exec(types);
  const names = [...body.matchAll(/(\w+)\?: /g)].map(([, name]) => name).filter((name) => !['price'].includes(name));
  assert.deepEqual(list().map(({ name }) => name), names);
  const help = read('en')[{ Scenario: 'help', Environment: 'environmentHelp', SimulationFields: 'simulationHelp' }[record]];
  assert.deepEqual(Object.keys(help), names.map(kebab));
  for (const { name, takes, unit } of list()) {
    assert.ok(['number', 'choice', 'switch', 'numbers', 'tiers'].includes(takes.kind), name);
    assert.equal(typeof unit, 'string', name);
    if (takes.kind === 'number') {
      assert.ok(takes.min < takes.max && typeof takes.whole === 'boolean', name);
      assert.ok(takes.default === null || (takes.default >= takes.min && takes.default <= takes.max), name);
    }
    if (takes.kind === 'choice') assert.ok(takes.default === null || takes.options.includes(takes.default), name);
  }
});

test('the version is the package’s', () => {
  assert.equal(version(), JSON.parse(readFileSync(`${root}web/package.json`, 'utf8')).version);
});
