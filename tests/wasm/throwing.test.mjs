// A file of its own, so a process of its own: an exception that passes through the module may leave it spoilt for good.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { report } from './wasm.mjs';

const GOOD = { arrivalRate: 50, responseTime: 2.5 };
const own = new Error('mine');
const thrower = () => { throw own; };
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
};

const INPUTS = {
  'a getter of a tier': { ...GOOD, planTiers: [{ get size() { return thrower(); } }] },
  'a getter of the scenario': Object.defineProperty({ ...GOOD }, 'headroom', { enumerable: true, get: thrower }),
  'a getter of an item': { ...GOOD, planTiers: Object.defineProperty([1, 2], 1, { get: thrower }) },
  'a proxy of a list': { ...GOOD, planTiers: new Proxy([1], { get: thrower }) },
  'a proxy without keys': new Proxy({}, { ownKeys: thrower }),
  'a revoked proxy': { ...GOOD, planTiers: revoked() },
};

for (const [what, input] of Object.entries(INPUTS)) {
  test(`${what} that throws thousands of times leaves the module as it was`, () => {
    for (let i = 0; i < 5_000; i++) {
      try {
        report(input);
      } catch (error) {
        assert.ok(!(error instanceof WebAssembly.RuntimeError), `a trap after ${i} calls: ${error.stack}`);
      }
    }
    assert.equal(report(GOOD).sizing.required, 157);
  });
}
