// The probe program, through proxies whose behaviour is known: it must name it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { inLab, freePort } from './harness/lab.mjs';
import { origin } from './harness/origins.mjs';
import { overload } from './harness/overload.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
execFileSync('cargo', ['build', '--quiet', '-p', 'proxy-concurrency', '--example', 'probe'], { cwd: root, stdio: 'inherit' });
const program = `${process.env.CARGO_TARGET_DIR ?? `${root}/target`}/debug/examples/probe`;

const LIMIT = 8;

/** Runs the program and reads what it printed: `lines` (cells by the header's names) and `reading`. */
async function probe(lab, args, { timeout = 90, env = {} } = {}) {
  const { status, stdout, stderr, timedOut, seconds } = await lab.run(program, args, {
    timeout, env: { ...process.env, SSL_CERT_FILE: lab.certificates.caFile, ...env },
  });
  assert.ok(!timedOut, `${args.join(' ')}\n${stdout}${stderr}`);
  const [header, ...rows] = stdout.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.trim().split(/\s+/));
  const lines = rows.map((row) => Object.fromEntries(row.map((cell, i) => [header[i], cell])));
  const verdict = stdout.split('\n').find((line) => line.startsWith('# verdict: '));
  return { status, stdout, stderr, seconds, lines, reading: verdict && JSON.parse(verdict.slice('# verdict: '.length)) };
}

const table = [];
test.after(() => {
  console.log('| behaviour | expected | named | limit | confidence | alternatives |');
  for (const row of table) console.log(`| ${row.join(' | ')} |`);
});

/** One behaviour: how it is started, how it is probed, and what must be said. */
function claim(behaviour, expected, { settings = {}, origin: target = {}, args = [], limit, check = () => {}, programs = ['haproxy', 'squid'], user = '', title = behaviour } = {}) {
  test(`${title} is named ${expected}`, inLab([...programs, 'openssl'], async (lab) => {
    const proxy = await overload(lab, behaviour, { limit: LIMIT, ...settings });
    const { url } = await origin(lab, { protocol: 'https', ...proxy.origin, ...target });
    const through = proxy.url.replace('//', `//${user}`);
    const { status, stdout, stderr, lines, reading } = await probe(lab, ['--proxy', through, '--url', url, '--cap', String(LIMIT), '--send', '100', ...args]);
    assert.equal(status, 0, stdout + stderr);
    const found = reading.limit && `${reading.limit.low}–${reading.limit.estimate}–${reading.limit.high ?? ''}`;
    table.push([title, expected, reading.verdict, found ?? '', reading.confidence, reading.alternatives.join(', ')]);
    assert.equal(reading.verdict, expected, stdout);
    if (limit !== undefined) {
      assert.ok(Math.abs(reading.limit.estimate - limit) <= 1, stdout);
      assert.ok(reading.limit.low <= limit + 1 && (reading.limit.high ?? Infinity) >= limit, stdout);
    }
    check(reading, lines, stdout);
  }));
}

const refusedBy = (what) => (reading) => assert.equal(reading.status ?? reading.failure, what);
const sure = (what) => (reading) => {
  refusedBy(what)(reading);
  assert.equal(reading.confidence, 'strong');
};

claim('headroom', 'headroom', { check: (reading) => assert.ok(reading.atOnce === 2 * LIMIT && reading.confidence === 'strong') });
claim('reject', 'reject', { limit: LIMIT, check: sure(503) });
claim('reject-429', 'reject', { limit: LIMIT, check: sure(429) });
claim('reject-per-credential', 'reject', { limit: LIMIT, user: 'user:secret@', check: refusedBy(503) });
claim('reject-per-connection', 'reject', { limit: LIMIT, check: refusedBy(503) });
claim('reject-frontend-connections', 'reject', { limit: LIMIT, check: refusedBy(503) });
claim('reject-tcp', 'reject', { limit: LIMIT, check: (reading) => assert.match(reading.failure, /reset|closed/) });
claim('silent-drop', 'reject', { limit: LIMIT, args: ['--timeout', '4'], check: refusedBy('timed-out') });
claim('tarpit', 'tarpit', { limit: LIMIT, settings: { tarpit: 2 }, check: refusedBy(429) });
claim('queue', 'queue', { limit: LIMIT, check: (reading) => assert.ok(reading.confidence === 'strong' && reading.waiting === LIMIT) });
claim('queue-tcp', 'queue', { limit: LIMIT });
claim('accept-backlog', 'queue', { limit: LIMIT });
claim('queue-timeout', 'queue-then-reject', { limit: LIMIT, check: (reading) => assert.ok(reading.status === 503 && Math.abs(reading.refusedAfter - 0.5) < 0.2) });
claim('queue-timeout-tcp', 'queue-then-reject', { limit: LIMIT, check: (reading) => assert.match(reading.failure, /closed|reset/) });
claim('queue-connect-timeout', 'queue-then-reject', { limit: LIMIT, check: refusedBy(503) });
claim('bounded-queue', 'bounded-queue', { limit: LIMIT, settings: { places: 4 }, check: (reading) => assert.ok(reading.waiting === 4 && reading.status === 503) });
claim('rate', 'rate-limit', { check: refusedBy(429) });
claim('penalty', 'penalty', { limit: LIMIT, settings: { refusals: 4, blocked: 6 } });
claim('squid-ip-limit', 'reject', { limit: LIMIT + 1, programs: ['squid'], check: (reading) => assert.match(reading.failure, /closed|reset/) });
claim('squid-maxconn', 'reject', { limit: LIMIT, programs: ['squid'], check: refusedBy(403) });
claim('squid-delay-pool', 'bandwidth', { programs: ['squid'], origin: { body: 'x'.repeat(20_000) } });
claim('authentication', 'authentication', { check: (reading, lines) => assert.ok(reading.status === 407 && lines.length === 1) });
claim('authentication', 'headroom', { title: 'authentication, with the password', user: 'user:secret@', check: (_, __, stdout) => assert.doesNotMatch(stdout, /user|secret/) });
claim('target-error', 'target-error', { origin: { delay: 700 }, check: sure(503) });
claim('nginx-limit-conn', 'reject', {
  limit: LIMIT, programs: ['nginx'], origin: { protocol: 'http', delay: 1000 }, args: ['--response-time', '1'], check: refusedBy(503),
});

test('a target that cannot be reached is the target’s error, and the rest is not sent', inLab(['haproxy', 'squid', 'openssl'], async (lab) => {
  const proxy = await overload(lab, 'headroom');
  const { reading, lines } = await probe(lab, ['--proxy', proxy.url, '--url', `https://127.0.0.1:${await freePort()}`, '--cap', '8', '--send', '100']);
  table.push(['origin down', 'target-error', reading.verdict, '', reading.confidence, reading.alternatives.join(', ')]);
  assert.deepEqual([reading.verdict, lines.length], ['target-error', 1]);
}));

test('a proxy that is not there is unreachable', inLab(['openssl'], async (lab) => {
  const { reading, lines } = await probe(lab, ['--proxy', `http://127.0.0.1:${await freePort()}`, '--url', 'https://127.0.0.1:1', '--cap', '8', '--send', '100']);
  table.push(['no proxy', 'unreachable', reading.verdict, '', reading.confidence, reading.alternatives.join(', ')]);
  assert.deepEqual([reading.verdict, reading.failure, lines.length], ['unreachable', 'refused', 1]);
}));

test('a limit per source address is told by two of them', inLab(['haproxy', 'squid', 'openssl'], async (lab) => {
  const proxy = await overload(lab, 'reject', { limit: LIMIT });
  const { url } = await origin(lab, { protocol: 'https' });
  const { reading, stdout } = await probe(lab, ['--proxy', proxy.url, '--url', url, '--cap', '8', '--send', '100', '--from', '127.0.0.2,127.0.0.3']);
  table.push(['per source IP', 'per-ip', reading.verdict, String(reading.limit?.estimate), reading.confidence, reading.alternatives.join(', ')]);
  assert.equal(reading.verdict, 'per-ip', stdout);
  assert.ok(Math.abs(reading.limit.estimate - LIMIT) <= 1, stdout);
}));

test('idle connections are told from requests', inLab(['haproxy', 'squid', 'openssl'], async (lab) => {
  const { url } = await origin(lab, { delay: 1000 });
  for (const [behaviour, counts] of [['reject-per-connection', true], ['reject', false]]) {
    const proxy = await overload(lab, behaviour, { limit: LIMIT });
    const { reading, stdout } = await probe(lab, ['--proxy', proxy.url, '--url', url, '--cap', '8', '--send', '100', '--response-time', '1']);
    assert.deepEqual([reading.verdict, reading.idleCounts], ['reject', counts], stdout);
  }
}));

test('no more is sent than asked, and nothing unasked', inLab(['haproxy', 'squid', 'openssl'], async (lab) => {
  const proxy = await overload(lab, 'headroom');
  const target = await origin(lab, { protocol: 'https' });
  const base = ['--proxy', proxy.url, '--url', target.url, '--cap', '8'];
  const planned = await probe(lab, base);
  assert.equal(planned.status, 0);
  assert.match(planned.stdout, /nothing was sent: add --send 36/);
  assert.equal((await proxy.haproxy.stat('plan')).stot, 0);
  let sent = 0;
  for (const most of [1, 5, 12, 19, 20, 35, 36, 100]) {
    const { lines, status } = await probe(lab, [...base, '--send', String(most)]);
    assert.equal(status, 0);
    const { stot, req_tot: requests } = await proxy.haproxy.stat('plan');
    assert.ok(stot - sent <= most && lines.length <= most, `${stot - sent} of ${most}`);
    assert.equal(stot - sent, lines.length);
    assert.equal(requests, stot);
    sent = stot;
  }
}));

test('Ctrl-C ends it, with the lines so far', inLab(['haproxy', 'squid', 'openssl'], async (lab) => {
  const proxy = await overload(lab, 'headroom');
  const { url } = await origin(lab, { protocol: 'https' });
  const args = ['-c', '"$@" & pid=$!; sleep 3; kill -INT $pid; wait $pid', 'sh', program, '--proxy', proxy.url, '--url', url, '--cap', '8', '--send', '100', '--hold', '60'];
  const { status, stdout, stderr, seconds } = await lab.run('bash', ['-m', ...args], { timeout: 30, env: { ...process.env, SSL_CERT_FILE: lab.certificates.caFile } });
  assert.ok(seconds < 8 && status === 1, `${seconds} s, ${status}`);
  assert.match(stderr, /interrupted/);
  assert.match(stdout, /^status/m);
}));
