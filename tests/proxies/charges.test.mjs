// The same requests, charged in different ways: what counts while it idles, and what a connection full of streams counts.
import assert from 'node:assert/strict';
import http from 'node:http';
import http2 from 'node:http2';
import { once } from 'node:events';
import { test } from 'node:test';
import { native } from '../src/vectors.mjs';
import { freePort, inLab, until } from './harness/lab.mjs';
import { origin } from './harness/origins.mjs';
import { haproxy, nginx, PATIENT, squid } from './harness/proxies.mjs';

const LIMIT = 8;
/** s until HAProxy closes an idle connection. */
const IDLE = 2;

const COUNTED = {
  // The ninth connection is accepted when one of the eight is closed.
  'open connections: frontend maxconn': { frontend: `maxconn ${LIMIT}`, ninth: 200, waits: true },
  'open connections: tracked as they are accepted': {
    frontend: `stick-table type ip size 16 store conn_cur
      tcp-request connection track-sc0 src
      http-request deny deny_status 503 if { sc_conn_cur(0) gt ${LIMIT} }`,
    ninth: 503,
  },
  'requests: tracked as they come': {
    frontend: `stick-table type ip size 16 store conn_cur
      http-request track-sc0 src
      http-request deny deny_status 503 if { sc_conn_cur(0) gt ${LIMIT} }`,
    ninth: 200,
  },
  'requests: server maxconn': { server: `maxconn ${LIMIT}`, ninth: 200 },
};

test('eight idle connections, and a ninth with a request', { concurrency: 2 }, (t) => Promise.all(Object.entries(COUNTED).map(([name, row]) =>
  t.test(name, inLab(['haproxy', 'squid', 'openssl'], async (lab) => {
    const target = await origin(lab);
    const behind = await squid(lab);
    const port = await freePort();
    await haproxy(lab, `
      defaults
        mode http
        ${PATIENT}
        timeout http-keep-alive ${IDLE}s
      frontend plan
        bind 127.0.0.1:${port}
        ${row.frontend ?? ''}
        default_backend up
      backend up
        server px 127.0.0.1:${behind.port} ${row.server ?? ''}
    `);
    const get = (agent) => new Promise((resolve, reject) => {
      const started = performance.now();
      http.get({ host: '127.0.0.1', port, path: `${target.url}/`, headers: { host: `127.0.0.1:${target.port}` }, agent }, (response) => {
        response.resume().on('end', () => resolve({ status: response.statusCode, seconds: (performance.now() - started) / 1000 }));
      }).on('error', reject);
    });
    const pool = new http.Agent({ keepAlive: true });
    lab.onClose(() => pool.destroy());
    target.hold();
    const eight = Array.from({ length: LIMIT }, () => get(pool));
    await until(() => target.counts.inFlight === LIMIT, 'eight at the origin');
    target.release();
    assert.deepEqual((await Promise.all(eight)).map(({ status }) => status), Array(LIMIT).fill(200));
    // Nothing is in flight, eight connections are open: for a plan that counts what is open, the plan is full.
    const { status, seconds } = await get(new http.Agent());
    assert.equal(status, row.ninth);
    if (row.waits) assert.ok(seconds > IDLE / 2 && seconds < IDLE + 2, `${seconds} s until an idle connection was closed`);
    else assert.ok(seconds < IDLE / 2, `${seconds} s`);
  })),
)));

/** 16 streams at once on one HTTP/2 connection; gives how many had which status. */
async function sixteen(lab, port, stream) {
  const session = http2.connect(`https://127.0.0.1:${port}`, { ca: lab.certificates.ca });
  lab.onClose(() => session.destroy());
  await once(session, 'remoteSettings');
  const streams = Array.from({ length: 2 * LIMIT }, () => stream(session));
  const statuses = await Promise.all(streams.map(async (one) => (await once(one, 'response'))[0][':status']));
  return Object.fromEntries([...new Set(statuses)].sort().map((status) => [status, statuses.filter((other) => other === status).length]));
}

const track = {
  'connections, as they are accepted': { rule: 'tcp-request connection track-sc0 src', unit: 'openConnections' },
  'streams, as they come': { rule: 'http-request track-sc0 src', unit: 'streams' },
};
test('16 tunnels on one HTTP/2 connection to a proxy, limit 8', (t) => Promise.all(Object.entries(track).map(([name, { rule, unit }]) =>
  t.test(`HAProxy that counts ${name}`, inLab(['haproxy', 'squid', 'openssl'], async (lab) => {
    const target = await origin(lab, { protocol: 'https' });
    const { port: behind } = await squid(lab);
    const port = await freePort();
    await haproxy(lab, `
      defaults
        mode http
        ${PATIENT}
      frontend plan
        bind 127.0.0.1:${port} ssl crt ${lab.certificates.pemFile} alpn h2
        stick-table type ip size 16 store conn_cur
        ${rule}
        http-request deny deny_status 503 if { sc_conn_cur(0) gt ${LIMIT} }
        default_backend up
      backend up
        server px 127.0.0.1:${behind}
    `);
    const found = await sixteen(lab, port, (session) => session.request({ ':method': 'CONNECT', ':authority': `127.0.0.1:${target.port}` }, { endStream: false }));
    const { answer } = native({ arrivalRate: 1, responseTime: 1, parallelRequests: 2 * LIMIT, route: 'h2-proxy' });
    const charged = answer.connections.charged[unit];
    assert.deepEqual(found, charged <= LIMIT ? { 200: 2 * LIMIT } : { 200: LIMIT, 503: charged - LIMIT });
  })),
)));

test('16 requests on one HTTP/2 connection to a gateway: nginx counts each', inLab(['nginx', 'openssl'], async (lab) => {
  const target = await origin(lab);
  const port = await freePort();
  await nginx(lab, port, `
    limit_conn_zone $remote_addr zone=a:1m;
    limit_conn_status 429;
    server {
      listen 127.0.0.1:${port} ssl http2;
      ssl_certificate ${lab.certificates.pemFile};
      ssl_certificate_key ${lab.certificates.pemFile};
      location / { limit_conn a ${LIMIT}; proxy_pass http://127.0.0.1:${target.port}; }
    }
  `);
  target.hold();
  // Those that are refused come first.
  setTimeout(() => target.release(), 1000);
  assert.deepEqual(await sixteen(lab, port, (session) => session.request({ ':path': '/' })), { 200: LIMIT, 429: LIMIT });
  const { answer } = native({ arrivalRate: 1, responseTime: 1, parallelRequests: 2 * LIMIT, route: 'gateway', innerHttp: '2' });
  assert.equal(answer.connections.charged.streams, 2 * LIMIT);
}));

test('HAProxy’s http-reuse: what stands to an HTTP/2 origin is shared by `always` only', (t) => Promise.all([['always', 1], ['safe', LIMIT]].map(([reuse, wanted]) =>
  t.test(reuse, inLab(['haproxy', 'openssl'], async (lab) => {
    const target = await origin(lab, { protocol: 'h2' });
    const port = await freePort();
    await haproxy(lab, `
      defaults
        mode http
        ${PATIENT}
      frontend plan
        bind 127.0.0.1:${port}
        default_backend up
      backend up
        http-reuse ${reuse}
        server o 127.0.0.1:${target.port} ssl alpn h2 ca-file ${lab.certificates.caFile}
    `);
    target.hold();
    const agent = new http.Agent({ keepAlive: true });
    lab.onClose(() => agent.destroy());
    // One after another, so that a connection stands for all but the first.
    for (let i = 1; i <= LIMIT; i++) {
      http.get({ host: '127.0.0.1', port, agent }, (response) => response.resume()).on('error', () => {});
      await until(() => target.counts.inFlight === i, `${i} at the origin`);
    }
    assert.equal(target.counts.open, wanted);
    target.release();
  })),
)));
