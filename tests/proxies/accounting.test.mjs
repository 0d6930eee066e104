// Every number that the core says N parallel requests take, beside the number counted with real proxies.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import { native } from '../src/vectors.mjs';
import { client } from './harness/client-process.mjs';
import { freePort, inLab, sleep, until } from './harness/lab.mjs';
import { origin } from './harness/origins.mjs';
import { haproxy, microsocks, nginx, PATIENT, proxyWithMeter, squid } from './harness/proxies.mjs';
import { connectionsOf } from './harness/sockets.mjs';

/** What a frontend of HAProxy charges for, by whom: tables of what is open, of requests by method, of busy connections. */
const CHARGES = `
  tcp-request connection track-sc0 src table open
  http-request track-sc1 method table requests
  http-request track-sc2 src_port table busy`;
const TABLES = `
  backend open
    stick-table type ip size 1k store conn_cur
  backend requests
    stick-table type string len 16 size 1k store conn_cur
  backend busy
    stick-table type integer size 16k store conn_cur`;

/** HAProxy's frontend `plan`, TLS or not, in front of `sections`. */
async function plan(lab, { secure, alpn, streams, sections }) {
  const port = await freePort();
  const guard = await haproxy(lab, `
    defaults
      mode http
      ${PATIENT}
    frontend plan
      bind 127.0.0.1:${port} ${secure ? `ssl crt ${lab.certificates.pemFile} alpn ${alpn}` : ''}
      ${CHARGES}
      ${sections}
    ${TABLES}
  `, { global: streams === undefined ? '' : `tune.h2.max-concurrent-streams ${streams}` });
  return {
    port, pid: guard.pid,
    async counts() {
      const { scur, ssl_sess } = await guard.stat('plan');
      const [open, requests, busy] = await Promise.all(['open', 'requests', 'busy'].map(guard.table));
      const sum = (rows) => rows.reduce((sum, { conn_cur }) => sum + conn_cur, 0);
      const tunnels = sum(requests.filter(({ key }) => key === 'CONNECT'));
      return {
        open: scur, handshakes: ssl_sess,
        charged: { busyConnections: busy.filter(({ conn_cur }) => conn_cur > 0).length, openConnections: sum(open), tunnels, requests: sum(requests) - tunnels, streams: sum(requests) },
      };
    },
  };
}

/** The proxies, by route: `{ port, pid, tls, counts() }`, and a name to say it by. */
const PROXIES = {
  async squid(lab) {
    const meter = await proxyWithMeter(lab);
    return { port: meter.port, behind: meter.proxy.port, pid: meter.proxy.pid, counts: async () => ({ open: (await meter.counts()).open }) };
  },
  async 'HAProxy, Squid'(lab, { scenario, streams }) {
    const secure = scenario.proxyTls || scenario.route === 'h2-proxy';
    const alpn = scenario.route === 'h2-proxy' ? 'h2' : 'http/1.1';
    const { port } = await squid(lab);
    const sections = `default_backend up\nbackend up\nserver px 127.0.0.1:${port}`;
    return { ...(await plan(lab, { secure, alpn, streams, sections })), tls: secure };
  },
  async 'HAProxy'(lab, { scenario, streams, origins }) {
    const secure = scenario.innerHttp === '2';
    const back = scenario.upstreamHttp === '2' ? `ssl alpn h2 ca-file ${lab.certificates.caFile}` : '';
    // Else the first request of each client's connection opens one to the origin, whatever is free.
    const backends = origins.map(({ port }, i) => `backend d${i}\nhttp-reuse always\nserver o 127.0.0.1:${port} ${back}`).join('\n');
    const sections = `use_backend %[path,field(2,/)]\n${backends}`;
    return { ...(await plan(lab, { secure, alpn: 'h2', streams, sections })), tls: secure };
  },
  async nginx(lab, { scenario, streams, origins }) {
    const port = await freePort();
    const { pid } = await nginx(lab, port, `
      ${origins.map((o, i) => `upstream d${i} { server 127.0.0.1:${o.port}; keepalive 64; }`).join('\n')}
      server {
        listen 127.0.0.1:${port} ${scenario.innerHttp === '2' ? 'ssl http2' : ''};
        ssl_certificate ${lab.certificates.pemFile};
        ssl_certificate_key ${lab.certificates.pemFile};
        http2_max_concurrent_streams ${streams ?? 128};
        ${origins.map((_, i) => `location /d${i} { proxy_pass http://d${i}; proxy_http_version 1.1; proxy_set_header Connection ""; }`).join('\n')}
      }
    `);
    const clients = () => connectionsOf(pid).filter(({ local }) => local === port).length;
    return { port, pid, tls: scenario.innerHttp === '2', counts: async () => ({ open: clients() }) };
  },
  async microsocks(lab) {
    const meter = await proxyWithMeter(lab, { proxy: await microsocks(lab) });
    return { port: meter.port, behind: meter.proxy.port, pid: meter.proxy.pid, counts: async () => ({ open: (await meter.counts()).open }) };
  },
};

const N = 20;
const rows = [];
/** A row: scenario of the core, proxy, and what the client does where the core leaves it open. */
const row = (proxy, route, given = {}, { fewest = false } = {}) =>
  rows.push({ proxy, fewest, scenario: { route, parallelRequests: N, destinations: 1, innerHttp: '1.1', warm: true, ...given } });

for (const proxy of ['squid', 'HAProxy, Squid']) {
  for (const destinations of [1, 6]) {
    for (const warm of [true, false]) row(proxy, 'forward', { destinations, warm });
    for (const warm of [true, false]) row(proxy, 'tunnel', { destinations, warm });
    row(proxy, 'tunnel', { destinations, innerHttp: '2' });
    row(proxy, 'tunnel', { destinations, innerHttp: '2', warm: false });
    row(proxy, 'tunnel', { destinations, innerHttp: '2', warm: false }, { fewest: true });
    for (const overStreamLimit of ['open', 'wait']) {
      row(proxy, 'tunnel', { destinations, innerHttp: '2', maxConcurrentStreams: destinations === 1 ? 8 : 3, overStreamLimit });
    }
  }
}
row('squid', 'forward', { innerHttp: '2' });
row('squid', 'tunnel', { originTls: false });
row('squid', 'tunnel', { innerHttp: '2', parallelRequests: 1 });
row('squid', 'tunnel', { innerHttp: '2', parallelRequests: 150, maxConcurrentStreams: 100 });
row('HAProxy, Squid', 'forward', { proxyTls: true });
row('HAProxy, Squid', 'tunnel', { proxyTls: true, destinations: 3 });
row('HAProxy, Squid', 'tunnel', { proxyTls: true, innerHttp: '2', destinations: 3 });
for (const destinations of [1, 6]) {
  for (const innerHttp of ['1.1', '2']) {
    for (const warm of [true, false]) row('HAProxy, Squid', 'h2-proxy', { destinations, innerHttp, warm });
    row('HAProxy, Squid', 'h2-proxy', { destinations, innerHttp, maxConcurrentStreams: 3 });
  }
  row('HAProxy, Squid', 'h2-proxy', { destinations, innerHttp: '2', maxConcurrentStreams: 3, overStreamLimit: 'wait' });
  row('HAProxy, Squid', 'h2-proxy', { destinations, innerHttp: '2', warm: false, maxConcurrentStreams: 3 });
  for (const proxy of ['HAProxy', 'nginx']) {
    for (const upstreamHttp of proxy === 'nginx' ? ['1.1'] : ['1.1', '2']) {
      const behind = { destinations, upstreamHttp };
      for (const warm of [true, false]) row(proxy, 'gateway', { ...behind, warm });
      for (const warm of [true, false]) row(proxy, 'gateway', { ...behind, warm, innerHttp: '2' });
      row(proxy, 'gateway', { ...behind, warm: false, innerHttp: '2' }, { fewest: true });
      for (const overStreamLimit of ['open', 'wait']) {
        row(proxy, 'gateway', { ...behind, innerHttp: '2', maxConcurrentStreams: 8, overStreamLimit });
      }
    }
  }
  for (const innerHttp of ['1.1', '2']) {
    for (const warm of [true, false]) row('microsocks', 'socks5', { destinations, innerHttp, warm });
  }
  row('microsocks', 'socks5', { destinations, innerHttp: '2', maxConcurrentStreams: 3 });
  row('microsocks', 'socks5', { destinations, originTls: false });
}

/** The row's origins, proxy and client, with all requests in flight or waiting for a stream. */
async function inFlight(lab, { proxy: kind, fewest, scenario }, between = async (port) => port) {
  const { route, innerHttp, parallelRequests, destinations, maxConcurrentStreams: streams, warm } = scenario;
  const h2 = innerHttp === '2' && route !== 'forward';
  const gateway = route === 'gateway';
  const inTls = gateway ? scenario.upstreamHttp === '2' : route !== 'forward' && scenario.originTls !== false;
  const protocol = !inTls ? 'http' : (gateway ? scenario.upstreamHttp === '2' : h2) ? 'h2' : 'https';
  const origins = [];
  for (let i = 0; i < destinations; i++) origins.push(await origin(lab, { protocol, streams }));
  const proxy = await PROXIES[kind](lab, { scenario, streams, origins });
  const port = await between(proxy.port);
  const urls = Array.from({ length: parallelRequests }, (_, i) => {
    const d = i % destinations;
    return gateway ? `https://127.0.0.1:${port}/d${d}` : `${origins[d].url}/`;
  });
  const sum = (name) => origins.reduce((sum, { counts }) => sum + counts[name], 0);
  const waits = h2 && scenario.overStreamLimit === 'wait';
  /** Until as many are at the origins as there are to be; where some wait for a stream, until nothing has come for long. */
  const atOrigins = async (wanted) => {
    const end = Date.now() + 20_000;
    for (let before, still = 0; sum('inFlight') !== wanted && still < 100; await sleep(3)) {
      still = waits && before > 0 && sum('inFlight') === before ? still + 1 : 0;
      before = sum('inFlight');
      if (Date.now() > end) throw Object.assign(new Error(`${before} of ${wanted} requests have come to the origins`), { lost: true });
    }
    return sum('inFlight') === wanted;
  };

  const sender = await client(lab, { route, h2, over: scenario.overStreamLimit ?? 'open', proxy: { port, tls: proxy.tls } });
  if (warm) {
    // One after another, and none answered: what is opened now stands when all come at once.
    origins.forEach((o) => o.hold());
    for (let i = 0; i < urls.length; i++) {
      await sender.send([urls[i]]);
      if (!(await atOrigins(i + 1))) break;
    }
    origins.forEach((o) => o.release());
    await sender.wait();
  }
  origins.forEach((o) => o.hold());
  // The core's N for a cold burst is a client that knows nothing yet: each request opens its own.
  await sender.send(urls, { alone: h2 && !warm && !fewest });
  await atOrigins(parallelRequests);
  return { origins, proxy, port, sender, sum, h2, waits };
}

/** What was counted while all were in flight and after, by the names of the core's accounting. */
async function count(lab, one) {
  const { route, parallelRequests } = one.scenario;
  const { origins, proxy, port, sender, sum, h2 } = await inFlight(lab, one);
  const ofClient = connectionsOf(sender.pid).filter(({ remote }) => remote === port);
  const ofProxy = connectionsOf(proxy.pid);
  const fromProxy = ofProxy.filter(({ local }) => local !== (proxy.behind ?? proxy.port));
  const counts = await proxy.counts();
  const { charged } = counts;
  const distinct = (ports) => new Set(ports).size;
  const seen = {
    clientToProxyTcp: counts.open,
    proxyToOriginTcp: sum('open'),
    originTlsHandshakes: sum('handshakes'),
    maxStreamsOnOneConnection: Math.max(...origins.map(({ counts }) => counts.peakStreams)),
    requestsInFlightAtOrigin: sum('inFlight'),
    requestsWaiting: parallelRequests - sum('inFlight'),
    clientDescriptors: ofClient.length,
    proxyDescriptors: ofProxy.length,
    clientEphemeralPorts: distinct(ofClient.map(({ local }) => local)),
    // One port may serve connections to different origins.
    proxyEphemeralPorts: distinct(fromProxy.map(({ local, remote }) => `${local} ${remote}`)),
  };
  // On the leg that the client speaks HTTP/2 on: the proxy's count where that leg is the proxy's, else the origin's.
  if (charged && (route === 'h2-proxy' ? !h2 : h2 && route === 'gateway')) seen.streams = charged.streams;
  else if (h2) seen.streams = sum('inFlight');
  origins.forEach((o) => o.release());
  assert.deepEqual(new Set(await sender.wait()), new Set([200]));
  seen.proxyTlsHandshakes = counts.handshakes ?? sender.handshakes.proxy;
  // All is answered; what is open a moment later is kept.
  await sleep(150);
  seen.idleClientConnections = (await proxy.counts()).open;
  seen.idleOriginConnections = sum('open');
  return { seen, charged };
}

function account(scenario) {
  const { status, answer } = native({ arrivalRate: 1, responseTime: 1, ...scenario });
  assert.equal(status, 0, JSON.stringify(answer));
  return answer.connections;
}

/** The core's accounting. A client that waits for its first connection to say HTTP/2 is from then on a warm one. */
function predicted({ fewest, scenario }) {
  const said = account(scenario);
  return fewest ? { ...account({ ...scenario, warm: true }), clientToProxyTcp: said.fewestClientToProxyTcp } : said;
}

/** Where a gateway opens HTTP/2 connections while none stands, it is between what is settled and one for each request. */
const UPSTREAM = ['proxyToOriginTcp', 'originTlsHandshakes', 'maxStreamsOnOneConnection', 'proxyDescriptors', 'proxyEphemeralPorts', 'idleOriginConnections'];

function compare(one, { seen, charged }) {
  const { scenario } = one;
  const said = predicted(one);
  const differ = [];
  const outside = (key, low, high) => (seen[key] >= low && seen[key] <= high ? [] : [`${key}: counted ${seen[key]}, said ${low}${low === high ? '' : ` to ${high}`}`]);
  const settled = account({ ...scenario, warm: true });
  const coldUpstream = scenario.route === 'gateway' && scenario.upstreamHttp === '2' && !scenario.warm;
  for (const key of Object.keys(seen)) {
    let [low, high] = [said[key], said[key]];
    if (coldUpstream && UPSTREAM.includes(key)) {
      const clients = said.clientDescriptors;
      const most = account(scenario);
      const ends = key === 'proxyDescriptors' ? [clients + settled.proxyToOriginTcp, clients + most.proxyToOriginTcp] : [settled[key], most[key]];
      [low, high] = [Math.min(...ends), Math.max(...ends)];
      // Streams of one connection come together, before the gateway has any to the origin.
      if (one.fewest && key === 'proxyToOriginTcp') low++;
    }
    // What waited for a stream comes later, while connections kept since earlier requests may lead to other origins: they are
    // open beside those that are in use, one a request at most.
    if (scenario.overStreamLimit === 'wait' && scenario.route === 'gateway' && scenario.destinations > 1) {
      if (key === 'idleOriginConnections') high = scenario.parallelRequests;
      else if (['proxyToOriginTcp', 'proxyDescriptors', 'proxyEphemeralPorts'].includes(key)) high += scenario.parallelRequests - said.proxyToOriginTcp;
    }
    differ.push(...outside(key, low, high));
  }
  // What a frontend of HAProxy counts, unit by unit; where the core says that the proxy cannot see a unit, it saw none.
  for (const [unit, counted] of Object.entries(charged ?? {})) {
    const visible = unit === 'streams' && said.charged.streams === null ? said.charged.tunnels : (said.charged[unit] ?? 0);
    if (counted !== visible) differ.push(`charged.${unit}: counted ${counted}, said ${said.charged[unit]}`);
  }
  assert.deepEqual(differ, []);
}

const name = ({ proxy, fewest, scenario }) => {
  const { route, parallelRequests, destinations, innerHttp, upstreamHttp, warm, maxConcurrentStreams, overStreamLimit, originTls, proxyTls } = scenario;
  return [
    route, `HTTP/${innerHttp}${upstreamHttp ? ` to HTTP/${upstreamHttp}` : ''}`, warm ? 'warm' : fewest ? 'cold, waits for the first' : 'cold',
    `${parallelRequests} to ${destinations}`, maxConcurrentStreams && `${maxConcurrentStreams} streams, ${overStreamLimit ?? 'open'}`,
    originTls === false && 'http://', proxyTls && 'https proxy', `by ${proxy}`,
  ].filter(Boolean).join(', ');
};

const programs = ({ proxy }) => ['haproxy', 'openssl', ...proxy.toLowerCase().split(', ')];
/** Each row as a test of its own, some side by side: nothing here depends on how long it takes. */
const each = (rows, body) => (t) => Promise.all(rows.map((one) => t.test(name(one), inLab(programs(one), (lab, t) => body(lab, one, t)))));

test('connections, handshakes, streams, descriptors, ports and charges', { concurrency: 3 }, each(rows, async (lab, one, t) => {
  const counted = await count(lab, one).catch((error) => {
    if (!error.lost) throw error;
    // On a busy machine a connection has once stopped in its handshake: what did not arrive is no count, and is counted once more.
    t.diagnostic(`counted once more: ${error.message}`);
    return count(lab, one);
  });
  compare(one, counted);
}));

/** A relay that can stop one connection, both ways, as a lost segment does until it is sent again. */
async function relay(lab, to) {
  const pairs = [];
  const server = createServer((socket) => {
    const onward = connect(to, '127.0.0.1');
    const pair = { socket, onward, bytes: 0 };
    pairs.push(pair);
    socket.on('data', (part) => (pair.bytes += part.length));
    for (const [from, into] of [[socket, onward], [onward, socket]]) {
      from.pipe(into);
      from.on('error', () => into.destroy()).on('close', () => into.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  lab.onClose(() => {
    pairs.forEach(({ socket, onward }) => [socket, onward].forEach((end) => end.destroy()));
    server.close();
  });
  return {
    port: server.address().port,
    reset: () => pairs.forEach((pair) => (pair.bytes = 0)),
    /** The connection that most came on since `reset()`. */
    stop() {
      const { socket, onward } = pairs.reduce((most, pair) => (pair.bytes > most.bytes ? pair : most));
      onward.unpipe(socket).pause();
      return () => onward.pipe(socket);
    },
  };
}

const LOSSES = [
  ['squid', 'forward', {}], ['squid', 'tunnel', {}], ['squid', 'tunnel', { innerHttp: '2' }],
  ['squid', 'tunnel', { innerHttp: '2', destinations: 6 }], ['squid', 'tunnel', { innerHttp: '2', maxConcurrentStreams: 8 }],
  ['squid', 'tunnel', { innerHttp: '2', warm: false }],
  ['HAProxy, Squid', 'h2-proxy', {}], ['HAProxy, Squid', 'h2-proxy', { maxConcurrentStreams: 3 }],
  ['HAProxy, Squid', 'h2-proxy', { innerHttp: '2', destinations: 6 }],
  ['HAProxy', 'gateway', { upstreamHttp: '1.1' }], ['HAProxy', 'gateway', { innerHttp: '2', upstreamHttp: '1.1' }],
  ['HAProxy', 'gateway', { innerHttp: '2', upstreamHttp: '2', maxConcurrentStreams: 8 }],
  ['nginx', 'gateway', { innerHttp: '2', upstreamHttp: '1.1' }],
  ['microsocks', 'socks5', {}], ['microsocks', 'socks5', { innerHttp: '2', destinations: 6 }],
].map(([proxy, route, given]) => ({
  proxy, fewest: false,
  scenario: { route, parallelRequests: N, destinations: 1, innerHttp: '1.1', warm: true, ...given },
}));

test('requests behind one loss on the client’s leg', { concurrency: 3 }, each(LOSSES, async (lab, one) => {
  let leg;
  const { origins, sender, port } = await inFlight(lab, one, async (to) => (leg = await relay(lab, to)).port);
  assert.equal(port, leg.port);
  const before = await sender.answered();
  const resume = leg.stop();
  origins.forEach((o) => o.release());
  const { requestsBehindOneLoss: behind } = account(one.scenario);
  await until(async () => (await sender.answered()) - before >= N - behind, `${N - behind} answers beside the connection that stands still`, 10);
  // None of the others comes while it stands still, and all come after.
  await sleep(200);
  assert.equal(N - (await sender.answered()) + before, behind);
  resume();
  assert.deepEqual(new Set(await sender.wait()), new Set([200]));
}));

/** curl's own pool: it waits for a first connection to say HTTP/2 (CURLOPT_PIPEWAIT) unless told to be immediate. */
const CURL = [
  ['squid', 'forward', {}], ['squid', 'tunnel', {}], ['squid', 'tunnel', { destinations: 6 }],
  ['squid', 'tunnel', { innerHttp: '2', warm: false }], ['squid', 'tunnel', { innerHttp: '2', warm: false }, true],
  ['squid', 'tunnel', { innerHttp: '2', warm: false, destinations: 6 }, true],
  ['microsocks', 'socks5', {}], ['microsocks', 'socks5', { innerHttp: '2', warm: false }],
  ['microsocks', 'socks5', { innerHttp: '2', warm: false }, true],
].map(([proxy, route, given, fewest = false]) => ({
  proxy, fewest,
  scenario: { route, parallelRequests: N, destinations: 1, innerHttp: '1.1', warm: true, ...given },
}));

test('curl opens as many', { concurrency: 3 }, each(CURL, async (lab, one) => {
  const { route, innerHttp, destinations } = one.scenario;
  const h2 = innerHttp === '2';
  const origins = [];
  for (let i = 0; i < destinations; i++) origins.push(await origin(lab, { protocol: h2 ? 'h2' : route === 'forward' ? 'http' : 'https' }));
  const proxy = one.proxy === 'squid' ? await squid(lab) : await microsocks(lab);
  const meter = await proxyWithMeter(lab, { proxy });
  origins.forEach((o) => o.hold());
  const urls = Array.from({ length: N }, (_, i) => origins[i % destinations].url);
  const args = ['--silent', '--parallel', '--parallel-max', `${N}`, '--proxy', meter.url, '--cacert', lab.certificates.caFile, h2 ? '--http2' : '--http1.1'];
  const ended = lab.run('curl', [...args, ...(h2 && !one.fewest ? ['--parallel-immediate'] : []), ...urls]);
  await until(() => origins.reduce((sum, { counts }) => sum + counts.inFlight, 0) === N, `${N} requests at the origins`);
  const { peak, connects, tunnels } = await meter.counts();
  origins.forEach((o) => o.release());
  assert.equal((await ended).status, 0);
  const said = predicted(one);
  assert.equal(peak, said.clientToProxyTcp);
  if (route === 'tunnel') assert.deepEqual([connects, tunnels], [said.charged.tunnels ?? 0, said.charged.tunnels ?? 0]);
  assert.equal(origins.reduce((sum, { counts }) => sum + counts.peakOpen, 0), said.proxyToOriginTcp);
  assert.equal(Math.max(...origins.map(({ counts }) => counts.peakStreams)), said.maxStreamsOnOneConnection);
}));
