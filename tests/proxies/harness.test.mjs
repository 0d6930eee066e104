// What the other files here count with: the meter and the origins count what curl says it opened.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inLab } from './harness/lab.mjs';
import { origin } from './harness/origins.mjs';
import { proxyWithMeter } from './harness/proxies.mjs';

test('meter and origins count as many connections as curl says it opened', inLab(['haproxy', 'squid', 'openssl', 'curl'], async (lab) => {
  const meter = await proxyWithMeter(lab);
  // Slower than five connections are opened, so that none is free for a second request.
  const delay = 100;
  const origins = {
    http: await origin(lab, { delay }),
    https: await origin(lab, { protocol: 'https', delay }),
    h2: await origin(lab, { protocol: 'h2', delay }),
  };
  assert.deepEqual(await meter.counts(), { open: 0, peak: 0, total: 0, connects: 0, tunnels: 0 });
  for (const [protocol, { named, counts }] of Object.entries(origins)) {
    for (const [flags, urls] of [[[], 3], [['--http1.1', '--header', 'Connection: close'], 3], [['--parallel', '--parallel-immediate'], 5]]) {
      await meter.reset();
      const { connections, requests } = counts;
      const args = ['--silent', '--cacert', lab.certificates.caFile, '--proxy', meter.url, '--write-out', 'opened %{num_connects}\n', ...flags];
      const { status, stdout, stderr } = await lab.run('curl', [...args, ...Array(urls).fill(named)]);
      assert.equal(status, 0, stderr);
      assert.equal(stdout.match(/ok\n/g).length, urls);
      const opened = [...stdout.matchAll(/opened (\d+)\n/g)].reduce((sum, [, connections]) => sum + Number(connections), 0);
      await meter.idle();
      const counted = await meter.counts();
      assert.equal(counted.total, opened, `${protocol} ${flags}`);
      assert.ok(counted.peak >= 1 && counted.peak <= opened);
      assert.equal(counted.connects, protocol === 'http' ? 0 : opened);
      assert.equal(counts.requests - requests, urls);
      // To http:// Squid keeps connections of its own.
      if (protocol !== 'http') assert.equal(counts.connections - connections, opened);
    }
  }
  assert.ok(origins.h2.counts.handshakes > 0 && origins.https.counts.handshakes === origins.https.counts.connections);
}));
