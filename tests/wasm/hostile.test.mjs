// Whatever a page hands in, the module is refused or answers, does not trap, and works on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { differences } from '../src/vectors.mjs';
import { fields, report, simulation, simulationFields } from './wasm.mjs';

const GOOD = { arrivalRate: 50, responseTime: 2.5, planTiers: [50, 100, 200] };
const BEFORE = structuredClone(report(GOOD));

/** What `report` threw, after seeing that it was no trap and that the next good scenario is answered as ever. */
function refused(input) {
  let thrown;
  try {
    report(input);
  } catch (error) {
    thrown = error;
  }
  assert.ok(!(thrown instanceof WebAssembly.RuntimeError), `a trap: ${thrown?.stack}`);
  assert.deepEqual(differences(report(GOOD), BEFORE), []);
  return thrown;
}
const accepted = (input) => assert.equal(refused(input), undefined);
const over = (more) => ({ ...GOOD, ...more });

function refusedAs(input, field, message) {
  const error = refused(input);
  assert.ok(error instanceof Error, 'it was accepted');
  assert.equal(error.field, field);
  if (message) assert.match(error.message, message);
}

const NUMBER = /must be a number from 0 to 1000000000/;

test('kinds of JavaScript that no field takes are refused by name', () => {
  const kinds = {
    'a BigInt': 50n, 'a symbol': Symbol('rate'), 'a function': () => 50, 'a class': class {}, 'a Date': new Date(), 'a Map': new Map([['x', 1]]),
    'a RegExp': /50/, 'a promise': Promise.resolve(50), 'a typed array': new Float64Array([50]), 'a buffer': new ArrayBuffer(8),
    'a boxed text': Object('50'), 'an object that acts as a number': { valueOf: () => 50 }, 'an object without a prototype': Object.create(null),
    'a weak map': new WeakMap(), 'a generator': (function* () { yield 50; })(), 'a URL': new URL('http://127.0.0.1/'), 'an Error': new Error('50'),
  };
  for (const [what, value] of Object.entries(kinds)) {
    refusedAs(over({ arrivalRate: value }), 'arrivalRate', NUMBER);
    refusedAs(over({ warm: value }), 'warm', /must be true or false/);
    refusedAs(over({ route: value }), 'route', /must be forward, tunnel/);
    assert.ok(refused(over({ planTiers: value })) instanceof Error, what);
    assert.ok(refused(over({ planTiers: [value] })) instanceof Error, what);
    assert.ok(refused({ arrivalRate: 50, responseTimeSamples: [value] }) instanceof Error, what);
  }
});

test('what is no record is refused as the scenario', () => {
  for (const value of [undefined, null, 5, NaN, 'x', '', true, 5n, Symbol('s'), () => GOOD, [], [GOOD], new Float64Array(3), class {}]) {
    refusedAs(value, /* a typed array is an object of numbered fields */ ArrayBuffer.isView(value) ? '0' : 'scenario');
  }
  assert.ok(refused() instanceof Error);
});

test('objects that hold themselves end', () => {
  const self = over({});
  self.self = self;
  refusedAs(self, 'self', /is not a field/);
  const loop = [];
  loop.push(loop);
  refusedAs(over({ planTiers: loop }), 'planTiers');
  const tier = { size: 5 };
  tier.price = tier;
  refusedAs(over({ planTiers: [tier] }), 'planTiers', /must have prices/);
  refusedAs(over({ responseTime: self }), 'responseTime');
  let deep = 5;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  refusedAs(over({ arrivalRate: deep }), 'arrivalRate', NUMBER);
});

test('a getter that throws is refused or throws its own error', () => {
  const own = new Error('mine');
  const thrower = Object.defineProperty({ ...GOOD }, 'headroom', { enumerable: true, get() { throw own; } });
  const tier = { get size() { throw own; } };
  const list = Object.defineProperty([50, 100], 1, { get() { throw own; } });
  for (const input of [thrower, over({ planTiers: [tier] }), over({ planTiers: list })]) {
    const thrown = refused(input);
    assert.ok(thrown === own || (thrown instanceof Error && thrown.field), `${thrown}`);
  }
});

test('proxies are read or refused', () => {
  accepted(new Proxy(GOOD, {}));
  const own = new Error('mine');
  for (const trap of ['get', 'ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf']) {
    const handler = { [trap]() { throw own; } };
    for (const input of [new Proxy(GOOD, handler), over({ planTiers: new Proxy([1], handler) }), over({ planTiers: [new Proxy({}, handler)] })]) {
      const thrown = refused(input);
      assert.ok(thrown === undefined || thrown === own || thrown.field, `${trap}: ${thrown}`);
    }
  }
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  assert.ok(refused(proxy) instanceof Error);
  assert.ok(refused(over({ planTiers: proxy })) instanceof Error);
  // One that answers something else every time.
  let calls = 0;
  const fickle = new Proxy({ ...GOOD }, { get: (target, name) => (calls++ % 2 ? 'x' : target[name]) });
  for (let i = 0; i < 20; i++) refused(fickle);
});

test('lists of any length and shape are taken or refused for their length', () => {
  refusedAs(over({ planTiers: Array(5) }), 'planTiers', /must be a list of plan sizes/);
  // eslint-disable-next-line no-sparse-arrays
  refusedAs(over({ planTiers: [50, , 100] }), 'planTiers', /must be a list of plan sizes/);
  refusedAs(over({ planTiers: Array(65).fill(1) }), 'planTiers', /1 to 64 items, not 65/);
  for (const length of [10_001, 1_000_000, 2 ** 32 - 1]) {
    refusedAs({ arrivalRate: 1, responseTimeSamples: Array(length).fill(1, 0, Math.min(length, 1e6)) }, 'responseTimeSamples', length < 2 ** 32 - 1 ? /1 to 10000 items/ : undefined);
  }
  accepted({ arrivalRate: 1, responseTimeSamples: Array(10_000).fill(1) });
  accepted({ arrivalRate: 1, responseTimeSamples: Array.from({ length: 10_000 }, (_, i) => 1 + (i * 7919) % 10_000) });
  const arrayLike = { length: 2, 0: 50, 1: 100 };
  refusedAs(over({ planTiers: arrayLike }), 'planTiers', /must be a list of 1 to 64 items/);
  accepted(over({ planTiers: class extends Array {}.from([50, 100]) }));
});

test('long texts and many fields are refused without a stir', () => {
  const megabyte = 'x'.repeat(1 << 20);
  refusedAs(over({ arrivalRate: megabyte }), 'arrivalRate', /not “x{60}…”$/);
  assert.equal(refused(over({ arrivalRate: megabyte })).value.length, 1 << 20);
  refusedAs(over({ route: megabyte }), 'route');
  refusedAs(over({ [megabyte]: 1 }), `${'x'.repeat(60)}…`, /is not a field/);
  refusedAs(over({ planTiers: [megabyte] }), 'planTiers');
  refusedAs(over({ route: '\ud800 half a pair' }), 'route');
  const many = over(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`field${i}`, i])));
  assert.equal(refused(many).all.length, 20_000);
});

const EDGES = [NaN, Infinity, -Infinity, 0, -0, 5e-324, -5e-324, 2 ** -1022, 1e-6, 0.1, 1, 1.5, 64, 65, 86400, 1e9, 2e9, 2 ** 31, 2 ** 32, 4e9, 1e12, 2 ** 53, 1e21, 1e308, -1e308, Number.MAX_VALUE];

test('numbers at every edge are answered or refused', () => {
  for (const { name, takes } of fields()) {
    for (const x of EDGES) {
      const thrown = refused(over({ [name]: takes.kind === 'numbers' || takes.kind === 'tiers' ? [x] : x }));
      assert.ok(thrown === undefined || thrown.field, `${name} ${x}: ${thrown}`);
      if (takes.kind === 'number' && !(x >= takes.min && x <= takes.max)) assert.ok(thrown, `${name} took ${x}`);
    }
  }
  accepted(over({ arrivalRate: -0, headroom: -0 }));
});

test('simulations at every edge run or are refused by name', () => {
  const values = [...EDGES, 'x', '', true, [], [NaN], [1, 'x'], {}, null, undefined, 5n, Symbol('s'), () => 5];
  const all = [...fields(), ...simulationFields()];
  for (const { name, takes } of all) {
    for (const value of [...values, ...(takes.options ?? [])]) {
      for (const pattern of ['poisson', 'bursty', 'workers']) {
        const input = over({ arrivalPattern: pattern, spell: pattern === 'poisson' ? 'none' : 'slow', [name]: value });
        let thrown;
        try {
          const run = simulation(input);
          const share = run?.advance(100);
          assert.ok(!run || (share >= 0 && share <= 1 && run.results().events <= 100), `${name}: ${share}`);
          run?.free();
        } catch (error) {
          thrown = error;
        }
        assert.ok(!(thrown instanceof WebAssembly.RuntimeError), `${name}: a trap: ${thrown?.stack}`);
        assert.ok(thrown === undefined || thrown.field, `${name} ${String(value)}: ${thrown}`);
        if (takes.kind === 'number' && typeof value === 'number' && !(value >= takes.min && value <= takes.max)) assert.equal(thrown?.field, name, String(value));
      }
    }
  }
});

test('a simulation takes whole steps, and refuses any other by name', () => {
  const run = simulation(over({ simulatedTime: 100 }));
  for (const step of [NaN, -1, 1.9, 5e8 + 1, 2 ** 53, Infinity, -Infinity, undefined, null, 'x', '5', true, 5n, [5], () => 5]) {
    assert.throws(() => run.advance(step), ({ name, field, value, code, message }) => {
      assert.deepEqual([name, field, code], ['RangeError', 'events', 'number']);
      if (typeof step !== 'object' && typeof step !== 'function') assert.ok(Object.is(value, step), String(value));
      return /^events(: .*)? must be a whole number from 0 to 500,?000,?000\b/.test(message) || assert.fail(message);
    });
  }
  assert.deepEqual([run.advance(0), run.advance(-0), run.results().events], [0, 0, 0]);
  assert.ok(run.advance(1) < 1);
  assert.equal(run.results().events, 1);
  assert.equal(run.advance(5e8), 1);
  const { events, progress } = run.results();
  assert.equal(progress, 'complete');
  assert.equal(run.advance(1e6), 1);
  assert.equal(run.results().events, events);
  run.free();
  assert.throws(() => run.results());
});

test('prototypes are neither read nor changed', () => {
  const own = JSON.parse('{"arrivalRate": 50, "responseTime": 2.5, "__proto__": {"polluted": true}}');
  refusedAs(own, '__proto__', /__proto__ is not a field/);
  refusedAs(over(JSON.parse('{"constructor": {"prototype": {"polluted": true}}}')), 'constructor', /is not a field/);
  refusedAs(over({ planTiers: [JSON.parse('{"size": 5, "__proto__": {"price": 1}}')] }), 'planTiers', /takes `size` and `price`/);
  assert.equal({}.polluted, undefined);
  // What is inherited was not given.
  refusedAs(Object.create(GOOD), 'arrivalRate', /is missing/);
  Object.prototype.headroom = 'polluted';
  try {
    accepted({ ...GOOD });
  } finally {
    delete Object.prototype.headroom;
  }
  accepted(Object.assign(new (class Scenario {})(), GOOD));
  accepted(Object.freeze({ ...GOOD }));
});

test('records without a prototype and from another frame are records', () => {
  accepted(Object.assign(Object.create(null), GOOD));
  accepted(runInNewContext('({ arrivalRate: 50, responseTime: 2.5, planTiers: [50, { size: 100 }] })'));
  accepted(over({ planTiers: [Object.assign(Object.create(null), { size: 5, price: 1 })] }));
});

test('a getter may ask for another report', () => {
  accepted(over({ get headroom() { return report(GOOD).sizing.headroom; } }));
});

test('a scenario is not changed, and neither are two answers one', () => {
  const input = { ...GOOD, planTiers: [200, 50, 100], responseTimeP95: 8 };
  const copy = structuredClone(input);
  const first = report(input);
  assert.deepEqual(input, copy);
  first.sizing.mean = 0;
  first.tiers.length = 0;
  assert.equal(report(input).sizing.mean, 125);
  assert.equal(report(input).tiers.length, 3);
});

test('memory does not grow with the number of calls', () => {
  const bad = over({ planTiers: Array(64).fill('x'.repeat(1000)) });
  const run = () => {
    for (let i = 0; i < 2000; i++) {
      report(GOOD);
      try {
        report(bad);
      } catch {}
    }
  };
  run();
  const before = process.memoryUsage().arrayBuffers + process.memoryUsage().external;
  for (let i = 0; i < 3; i++) run();
  const after = process.memoryUsage().arrayBuffers + process.memoryUsage().external;
  assert.ok(after - before < 1 << 20, `${after - before} bytes more`);
});
