// What a proxy does above its limit, as a client sees it: the ground truth that the probe has to tell apart.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inLab, sleep } from './harness/lab.mjs';
import { origin } from './harness/origins.mjs';
import { behaviours, overload } from './harness/overload.mjs';
import { burst } from './harness/requests.mjs';

const LIMIT = 8;
/** s at the origin. */
const DELAY = 1;
/** s that a client waits: for what comes slowly, but comes, longer than a busy machine takes. */
const PATIENCE = 4;
const patience = (behaviour) => (behaviour === 'squid-delay-pool' ? 5 * PATIENCE : PATIENCE);

/** Outcomes of 16 requests, 20 ms apart: how many of each, and by when the slowest of them came, s. */
const once = (status, seconds = DELAY) => ({ [status]: [LIMIT, seconds] });
const REFUSED = { 200: [LIMIT, DELAY], ...once(503, 0) };
const QUEUED = { 200: [16, 2 * DELAY] };
const WANTED = {
  headroom: { 200: [16, DELAY] },
  reject: REFUSED,
  'reject-per-credential': REFUSED,
  'reject-per-connection': REFUSED,
  'reject-frontend-connections': REFUSED,
  'reject-429': { ...once(200), ...once(429, 0) },
  // A reset may overtake the connection's being there.
  'reject-tcp': { ...once(200), ...once('reset', 0) },
  'silent-drop': { ...once(200), ...once('timeout', PATIENCE) },
  tarpit: { ...once(200), ...once(429, 1) },
  queue: QUEUED,
  'queue-timeout': { ...once(200), ...once(503, 0.3) },
  'queue-connect-timeout': { ...once(200), ...once(503, 0.3) },
  'queue-tcp': QUEUED,
  'queue-timeout-tcp': { ...once(200), ...once('closed', 0.3) },
  'bounded-queue': { 200: [LIMIT + 4, 2 * DELAY], 503: [4, 0] },
  'accept-backlog': QUEUED,
  rate: { ...once(200), ...once(429, 0) },
  penalty: { ...once(200), 503: [4, 0], 403: [4, 0] },
  // One more than it says, which is Squid's.
  'squid-ip-limit': { 200: [LIMIT + 1, DELAY], closed: [16 - LIMIT - 1, 0] },
  'squid-maxconn': { ...once(200), ...once(403, 0) },
  'squid-delay-pool': { 200: [16, 3] },
  'nginx-limit-conn': REFUSED,
  authentication: { 407: [16, 0] },
  'target-error': REFUSED,
};
const SETTINGS = {
  tarpit: { tarpit: 1 },
  'queue-timeout': { queueTimeout: 0.3 },
  'queue-connect-timeout': { queueTimeout: 0.3 },
  'queue-timeout-tcp': { queueTimeout: 0.3 },
  rate: { window: 2 },
  // 16 bodies of 20 kB, 100 kB/s: 3.2 s, of which the first second's worth passes at once.
  'squid-delay-pool': { bytesPerSecond: 100_000 },
};

const CREDENTIAL = { 'Proxy-Authorization': `Basic ${Buffer.from('other:secret').toString('base64')}` };

/** `{ outcome: [how many, s of the slowest] }`. */
function groups(results, wanted = {}) {
  const found = {};
  for (const { outcome, seconds } of results) {
    // Squid closes a connection; where it had not yet read the request, the system makes a reset of that.
    const name = outcome === 'reset' && 'closed' in wanted ? 'closed' : outcome;
    const [count, slowest] = found[name] ?? [0, 0];
    found[name] = [count + 1, Math.max(slowest, seconds)];
  }
  return found;
}

test('every behaviour has what is wanted of it here', () => assert.deepEqual(behaviours.toSorted(), Object.keys(WANTED).toSorted()));

// Side by side: nearly all of it is waiting.
test('behaviours over the limit', { concurrency: 3 }, (t) => Promise.all(behaviours.map((behaviour) =>
  t.test(behaviour, inLab(['haproxy', 'squid', 'nginx', 'openssl'], async (lab) => {
    const proxy = await overload(lab, behaviour, { limit: LIMIT, ...SETTINGS[behaviour] });
    const body = 'x'.repeat(behaviour === 'squid-delay-pool' ? 20_000 : 10);
    for (const protocol of behaviour === 'nginx-limit-conn' ? ['http'] : ['http', 'https']) {
      const target = await origin(lab, { protocol, delay: 1000 * DELAY, body, ...proxy.origin });
      const settings = { port: proxy.port, url: target.url, ca: lab.certificates.ca, headers: CREDENTIAL, timeout: patience(behaviour) };
      const sixteen = () => burst({ ...settings, count: 2 * LIMIT });
      const results = await sixteen();
      const wanted = WANTED[behaviour];
      const found = groups(results, wanted);
      const said = `${protocol}: ${JSON.stringify(found)}`;
      assert.deepEqual(Object.keys(found).sort(), Object.keys(wanted).sort(), said);
      for (const [outcome, [count, seconds]] of Object.entries(wanted)) {
        assert.equal(found[outcome][0], count, said);
        if (behaviour === 'squid-delay-pool') continue;
        // Not before, but for the 16 × 20 ms by which waiting ones came later than the first; and on a busy machine after,
        // by less than what another behaviour would take.
        assert.ok(found[outcome][1] > seconds - 0.34 && found[outcome][1] < seconds + 0.6, `${outcome} by ${seconds} s: ${said}`);
      }
      if (behaviour === 'target-error' && protocol === 'https') {
        assert.ok(results.every(({ at, connectReply }) => at === 'response' && connectReply < 0.6), 'the tunnel stands, the target refuses');
      }
      if (behaviour === 'squid-delay-pool') {
        assert.equal(target.counts.peakInFlight, 16, 'none of them queued');
        if (protocol === 'https') assert.ok(results.every(({ connectReply }) => connectReply < 0.6), 'tunnels stand at once');
        assert.ok(Math.max(...results.map(({ seconds }) => seconds)) > 2 * DELAY, 'and what goes through them is slow');
      }
      if (behaviour === 'reject-429') assert.ok(results.every(({ outcome, headers }) => outcome === 200 || headers['retry-after'] === '1'));
      if (behaviour === 'reject-per-credential') {
        const shared = await burst({ ...settings, count: 16, each: (i) => ({ headers: { 'Proxy-Authorization': `Basic ${i % 2}` } }) });
        assert.deepEqual(Object.keys(groups(shared)), ['200'], 'two credentials, 8 each');
      }
      if (behaviour === 'reject' || behaviour === 'reject-tcp') {
        const shared = await burst({ ...settings, count: 16, each: (i) => ({ from: `127.0.0.${2 + (i % 2)}` }) });
        assert.deepEqual(Object.keys(groups(shared)), ['200'], 'two source addresses, 8 each');
      }
      if (behaviour === 'reject') assert.equal(groups(await sixteen())[200][0], LIMIT, 'places are free again at once');
      if (behaviour === 'rate') {
        assert.ok((groups(await sixteen())[200]?.[0] ?? 0) < LIMIT, 'the rate is not, when all is answered');
        await sleep(4000);
      }
      if (behaviour === 'penalty') {
        const [alone] = await burst({ ...settings, count: 1 });
        assert.equal(alone.outcome, 403, 'one alone is refused too');
        await sleep(3100);
        const [later] = await burst({ ...settings, count: 1 });
        assert.equal(later.outcome, 200, 'until the penalty is over');
      }
    }
  })),
)));
