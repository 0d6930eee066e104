// Every snippet, unmodified, with a cap of 8 against 40 requests: the proxy must not see more connections than promised.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate, createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort, inLab, program, untilConnects } from './harness/lab.mjs';
import { origin } from './harness/origins.mjs';
import { microsocks, proxyWithMeter, squid } from './harness/proxies.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tool = (path) => join(root, '.tools/clients', path);
const python = tool('python/bin/python');

const node = (version) => tool(`node/node_modules/node-${version}/bin/node`);
const channel = readFileSync(join(root, 'rust-toolchain.toml'), 'utf8').match(/^channel = "(.*)"$/m)[1];

const CAP = 8;
const REQUESTS = 40;

/**
 * What runs a client's first file, `[command, arguments before the file's name]`, and what else it needs: programs,
 * packages of Node.js (name: as installed), files beside it, variables of the environment.
 * `client` where one client is tried with several versions; `more` where a client sends requests of its own; `jobs`
 * where it is too slow for all of them.
 */
const CLIENTS = {
  requests: { run: [python] },
  aiohttp: { run: [python] },
  httpx: { run: [python] },
  scrapy: { run: [python] },
  curl: { run: ['sh'] },
  undici: { run: [node(26)], packages: { undici: 'undici' } },
  'undici 7': { client: 'undici', run: [process.execPath], packages: { undici: 'undici-7' } },
  'node-fetch': { run: [node(26)], packages: { undici: 'undici-of-node-26' } },
  'node-fetch, Node.js 24': { client: 'node-fetch', run: [node(24)], packages: { undici: 'undici-of-node-24' } },
  go: { run: [tool('python/bin/go'), 'run'], env: { GOFLAGS: '-mod=mod', GOPROXY: 'off', GOTOOLCHAIN: 'local', GOCACHE: tool('go') } },
  reqwest: {
    run: ['cargo', 'run', '--quiet', '--locked', '--offline', '--'],
    files: { 'Cargo.lock': 'tests/proxies/clients/Cargo.lock' },
    env: { RUSTUP_TOOLCHAIN: channel, CARGO_TARGET_DIR: tool('reqwest') },
  },
  // Chromium also asks for icons, and for what it updates itself with.
  playwright: { run: [node(26)], packages: { playwright: 'playwright', 'playwright-core': 'playwright-core' }, needs: ['chromium'], more: true, jobs: /^five/ },
};

/** The programs for these records, as core writes them. */
function write(...records) {
  const cargo = ['run', '--quiet', '-p', 'proxy-concurrency', '--example', 'snippet'];
  const answer = execFileSync('cargo', cargo, { cwd: root, input: records.map((record) => `${JSON.stringify(record)}\n`).join('') });
  return answer.toString().trim().split('\n').map((line) => JSON.parse(line));
}

/** Writes a program's files into a folder of their own. */
function place(lab, { files }, { packages = {}, files: beside = {} } = {}) {
  const folder = lab.subfolder('snippet');
  mkdirSync(join(folder, 'node_modules'));
  for (const [name, installed] of Object.entries(packages)) {
    symlinkSync(tool(`node/node_modules/${installed}`), join(folder, 'node_modules', name));
  }
  for (const [name, path] of Object.entries(beside)) copyFileSync(join(root, path), join(folder, name));
  for (const { name, text } of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Each client's own way to trust the authority of the origins. */
function trusting(lab) {
  const { caFile, cert } = lab.certificates;
  // Chromium has no variable for an authority, but an argument for a server's key.
  const key = createHash('sha256').update(new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' })).digest('base64');
  const chromium = join(lab.subfolder('chromium'), 'chromium');
  writeFileSync(chromium, `#!/bin/sh\nexec '${program('chromium')}' --ignore-certificate-errors-spki-list=${key} "$@"\n`, { mode: 0o755 });
  return { ...process.env, CHROMIUM: chromium, REQUESTS_CA_BUNDLE: caFile, SSL_CERT_FILE: caFile, CURL_CA_BUNDLE: caFile, NODE_EXTRA_CA_CERTS: caFile };
}

/** Five origins of each protocol, and the URLs that a test sends, by what it is called. */
async function destinations(lab, wanted = /./) {
  // Not all of one length, or all connections would open and close at the same time.
  const delay = () => 100 + Math.random() * 100;
  const five = (protocol) => Promise.all(Array.from({ length: 5 }, () => origin(lab, { protocol, delay })));
  const https = await five('https');
  const http = await five('http');
  const closing = await origin(lab, { protocol: 'https', delay, requestsEach: 1 });
  const urls = (pick) => Array.from({ length: REQUESTS }, (_, i) => `${pick(i).named}/${i}?a='$(b)`);
  const jobs = {
    'one https origin': urls(() => https[0]),
    'five https origins in turn': urls((i) => https[i % 5]),
    'five https origins, one after another': urls((i) => https[Math.floor((i * 5) / REQUESTS)]),
    'one http origin': urls(() => http[0]),
    'five http origins': urls((i) => http[i % 5]),
    'http and https': urls((i) => (i % 2 ? http : https)[i % 5]),
    'an origin that closes first': urls(() => closing),
  };
  return { origins: [...https, ...http, closing], jobs: Object.fromEntries(Object.entries(jobs).filter(([name]) => wanted.test(name))) };
}

for (const [label, row] of Object.entries(CLIENTS)) {
  const { client = label, run: [command, ...args], needs = [] } = row;
  test(`${label} keeps its promise`, inLab(['haproxy', 'squid', 'openssl', ...needs], async (lab, t) => {
    if (!existsSync(command) && !program(command)) {
      const reason = `not installed: ${command} (scripts/clients installs it)`;
      if (process.env.CI) throw new Error(reason);
      return t.skip(reason);
    }
    const meter = await proxyWithMeter(lab);
    const { origins, jobs } = await destinations(lab, row.jobs);
    const env = { ...trusting(lab), ...row.env };
    const run = (snippet) => lab.run(command, [...args, snippet.files[0].name], { cwd: place(lab, snippet, row), env, timeout: 300 });
    const programs = write(...Object.values(jobs).map((urls) => ({ client, cap: CAP, proxyUrl: meter.url, urls })));
    for (const [i, name] of Object.keys(jobs).entries()) {
      await lab.claim(t, name, async (t) => {
        origins.forEach((origin) => origin.reset());
        await meter.reset();
        const { promisedConnections } = programs[i];
        const { status, stdout, stderr } = await run(programs[i]);
        const answered = stdout.split('\n').filter((line) => /^200 \d+\.\d+$/.test(line)).length;
        assert.deepEqual({ status, answered }, { status: 0, answered: REQUESTS }, `${stdout}${stderr}`);
        const requests = origins.reduce((sum, { counts }) => sum + counts.requests, 0);
        assert.ok(row.more ? requests >= REQUESTS : requests === REQUESTS, `${requests} requests`);
        const { peak, total } = await meter.counts();
        t.diagnostic(`${label}, ${name}: ${peak} connections at most, ${total} in all`);
        assert.ok(peak <= promisedConnections, `${peak} connections, ${promisedConnections} promised`);
        assert.ok(peak > CAP / 2, `only ${peak} connections at a time`);
        await meter.idle();
      });
    }
    await lab.claim(t, 'a proxy that refuses is a failure', async () => {
      const port = await freePort();
      const [snippet] = write({ client, cap: CAP, proxyUrl: `http://127.0.0.1:${port}`, urls: Object.values(jobs)[0].slice(0, 2) });
      const { status, stdout } = await run(snippet);
      assert.notEqual(status, 0);
      assert.doesNotMatch(stdout, /^200 /m);
    });
  }));
}

test('haproxy balances over plans, each with its credentials and its cap', inLab(['haproxy', 'squid', 'openssl', 'curl'], async (lab, t) => {
  const { jobs } = await destinations(lab);
  const users = ['one:p@ss word', 'two:"$x\\'];
  const plans = await Promise.all(users.map(async (user) => {
    const basic = Buffer.from(user).toString('base64').replaceAll('+', '\\+');
    return proxyWithMeter(lab, { proxy: await squid(lab, { config: `acl paid req_header Proxy-Authorization ^Basic\\ ${basic}$\nhttp_access deny !paid` }) });
  }));
  const [first, second] = plans.map(({ port }, i) => {
    const [user, password] = users[i].split(':');
    return `http://${user}:${password}@127.0.0.1:${port}`;
  });
  const ports = [await freePort(), await freePort()];
  const input = (localPort) => ({ client: 'haproxy', cap: CAP, proxyUrl: first, localPort });
  for (const [name, urls] of Object.entries(jobs)) {
    const both = write({ ...input(ports[0]), urls, upstreams: [{ proxyUrl: second, cap: 4 }] }, { ...input(ports[1]), urls });
    for (const [i, snippet] of both.entries()) {
      await lab.claim(t, `${name}, ${['two plans', 'one plan'][i]}`, async (t) => {
        const folder = place(lab, snippet);
        const checked = await lab.run(program('haproxy'), ['-c', '-f', 'haproxy.cfg'], { cwd: folder });
        assert.deepEqual([checked.status, checked.stderr], [0, ''], checked.stdout);
        await Promise.all(plans.map((plan) => plan.reset()));
        const balancer = await lab.start('haproxy', ['-db', '-f', 'haproxy.cfg'],
          { cwd: folder, ready: () => untilConnects({ host: '127.0.0.1', port: ports[i] }) });
        const args = ['--silent', '--show-error', '--globoff', '--cacert', lab.certificates.caFile, '--proxy', `http://127.0.0.1:${ports[i]}`, '--no-progress-meter',
          '--header', 'Connection: close', '--parallel', '--parallel-immediate', '--parallel-max', String(REQUESTS), '--write-out', '%{http_code}\n'];
        const { status, stdout, stderr } = await lab.run('curl', [...args, ...urls.flatMap((url) => ['--output', '/dev/null', url])]);
        assert.deepEqual({ status, answered: stdout.match(/^200$/gm)?.length }, { status: 0, answered: REQUESTS }, stdout + stderr);
        const peaks = (await Promise.all(plans.map((plan) => plan.counts()))).map(({ peak }) => peak);
        t.diagnostic(`haproxy, ${name}: ${peaks.join(' and ')} connections at most`);
        const caps = [[CAP, 4], [CAP, 0]][i];
        assert.ok(peaks.every((peak, i) => peak <= caps[i] && peak >= caps[i] / 2), `${peaks}, caps ${caps}`);
        assert.equal(snippet.promisedConnections, caps[0] + caps[1]);
        balancer.child.kill();
        await Promise.all(plans.map((plan) => plan.idle()));
      });
    }
  }
}));

test('the promise holds for a proxy that asks for a user, and for SOCKS5', inLab(['haproxy', 'squid', 'microsocks', 'openssl', 'curl'], async (lab, t) => {
  const user = 'us"er:p@ss $w\'\\';
  const basic = Buffer.from(user).toString('base64').replaceAll('+', '\\+');
  const asking = await squid(lab, { config: `acl paid req_header Proxy-Authorization ^Basic\\ ${basic}$\nhttp_access deny !paid` });
  const meters = { http: await proxyWithMeter(lab, { proxy: asking }), socks5: await proxyWithMeter(lab, { proxy: await microsocks(lab) }) };
  const { origins } = await destinations(lab);
  const clients = { http: ['requests', 'aiohttp', 'httpx', 'scrapy', 'curl'], socks5: ['requests', 'httpx', 'curl'] };
  for (const [scheme, meter] of Object.entries(meters)) {
    for (const client of clients[scheme]) {
      const { run: [command, ...args] } = CLIENTS[client];
      await lab.claim(t, `${client}, ${scheme}`, async (t) => {
        if (!existsSync(command) && !program(command)) return t.skip(`not installed: ${command} (scripts/clients installs it)`);
        await meter.reset();
        // The names of the origins are known to Squid only.
        const urls = Array.from({ length: REQUESTS }, (_, i) => origins[(3 * i) % 10][scheme === 'http' ? 'named' : 'url']);
        const proxyUrl = scheme === 'http' ? `http://${user}@127.0.0.1:${meter.port}` : `socks5://127.0.0.1:${meter.port}`;
        const [snippet] = write({ client, cap: CAP, proxyUrl, urls });
        const { status, stdout, stderr } = await lab.run(command, [...args, snippet.files[0].name], { cwd: place(lab, snippet), env: trusting(lab) });
        assert.deepEqual({ status, answered: stdout.match(/^200 /gm)?.length }, { status: 0, answered: REQUESTS }, `${stdout}${stderr}`);
        const { peak } = await meter.counts();
        assert.ok(peak <= snippet.promisedConnections && peak > CAP / 2, `${peak} connections`);
        await meter.idle();
      });
    }
  }
}));
