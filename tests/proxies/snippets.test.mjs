// Every snippet, unmodified, with a cap of 8 against 40 requests: the proxy must not see more connections than promised.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort, inLab, program, untilConnects } from './harness/lab.mjs';
import { origin } from './harness/origins.mjs';
import { proxyWithMeter, squid } from './harness/proxies.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tool = (path) => join(root, '.tools/clients', path);
const python = tool('python/bin/python');

const CAP = 8;
const REQUESTS = 40;

/** What runs a client's first file, and what else it needs: `[command, arguments before the file's name]`. */
const CLIENTS = {
  requests: { run: [python] },
  aiohttp: { run: [python] },
  httpx: { run: [python] },
  scrapy: { run: [python] },
  curl: { run: ['sh'] },
};

/** The programs for these records, as core writes them. */
function write(...records) {
  const cargo = ['run', '--quiet', '-p', 'proxy-concurrency', '--example', 'snippet'];
  const answer = execFileSync('cargo', cargo, { cwd: root, input: records.map((record) => `${JSON.stringify(record)}\n`).join('') });
  return answer.toString().trim().split('\n').map((line) => JSON.parse(line));
}

/** Writes a program's files into a folder of their own. */
function place(lab, { files }) {
  const folder = lab.subfolder('snippet');
  for (const { name, text } of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Each client's own way to trust the authority of the origins. */
function trusting(lab) {
  const { caFile } = lab.certificates;
  return { ...process.env, REQUESTS_CA_BUNDLE: caFile, SSL_CERT_FILE: caFile, CURL_CA_BUNDLE: caFile, NODE_EXTRA_CA_CERTS: caFile };
}

/** Five origins of each protocol, and the URLs that a test sends, by what it is called. */
async function destinations(lab) {
  // Not all of one length, or all connections would open and close at the same time.
  const delay = () => 100 + Math.random() * 100;
  const five = (protocol) => Promise.all(Array.from({ length: 5 }, () => origin(lab, { protocol, delay })));
  const https = await five('https');
  const http = await five('http');
  const urls = (pick) => Array.from({ length: REQUESTS }, (_, i) => `${pick(i).named}/${i}?a='$(b)`);
  return {
    origins: [...https, ...http],
    jobs: {
      'one https origin': urls(() => https[0]),
      'five https origins in turn': urls((i) => https[i % 5]),
      'five https origins, one after another': urls((i) => https[Math.floor((i * 5) / REQUESTS)]),
      'one http origin': urls(() => http[0]),
      'five http origins': urls((i) => http[i % 5]),
      'http and https': urls((i) => (i % 2 ? http : https)[i % 5]),
    },
  };
}

for (const [client, { run: [command, ...args], needs = [] }] of Object.entries(CLIENTS)) {
  test(`${client} keeps its promise`, inLab(['haproxy', 'squid', 'openssl', ...needs], async (lab, t) => {
    if (!existsSync(command) && !program(command)) {
      const reason = `not installed: ${command} (tests/proxies/clients)`;
      if (process.env.CI) throw new Error(reason);
      return t.skip(reason);
    }
    const meter = await proxyWithMeter(lab);
    const { origins, jobs } = await destinations(lab);
    const programs = write(...Object.values(jobs).map((urls) => ({ client, cap: CAP, proxyUrl: meter.url, urls })));
    for (const [i, name] of Object.keys(jobs).entries()) {
      await lab.claim(t, name, async (t) => {
        origins.forEach((origin) => origin.reset());
        await meter.reset();
        const { files, promisedConnections } = programs[i];
        const { status, stdout, stderr } = await lab.run(command, [...args, files[0].name], { cwd: place(lab, programs[i]), env: trusting(lab) });
        const answered = stdout.split('\n').filter((line) => /^200 \d+\.\d+$/.test(line)).length;
        assert.deepEqual({ status, answered }, { status: 0, answered: REQUESTS }, `${stdout}${stderr}`);
        assert.equal(origins.reduce((sum, { counts }) => sum + counts.requests, 0), REQUESTS);
        const { peak, total } = await meter.counts();
        t.diagnostic(`${client}, ${name}: ${peak} connections at most, ${total} in all`);
        assert.ok(peak <= promisedConnections, `${peak} connections, ${promisedConnections} promised`);
        assert.ok(peak > CAP / 2, `only ${peak} connections at a time`);
        await meter.idle();
      });
    }
    await lab.claim(t, 'a proxy that refuses is a failure', async () => {
      const port = await freePort();
      const [snippet] = write({ client, cap: CAP, proxyUrl: `http://127.0.0.1:${port}`, urls: Object.values(jobs)[0].slice(0, 2) });
      const { status, stdout } = await lab.run(command, [...args, snippet.files[0].name], { cwd: place(lab, snippet), env: trusting(lab) });
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
