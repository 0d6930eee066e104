// Shares refused and mean waits that the core predicts, beside those of a HAProxy under Poisson arrivals.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { native } from '../src/vectors.mjs';
import { freePort, inLab, sleep, until } from './harness/lab.mjs';
import { haproxy, PATIENT } from './harness/proxies.mjs';

/** Mean s at the origin: long beside what HAProxy and this process add, short enough for thousands of requests. */
const SERVICE = 0.15;
/** s of arrivals, of which the first are not counted: the system starts empty. */
const [SECONDS, WARM_UP] = [100, 4];
/** The measured s are cut into batches, each far longer than the time in which these queues forget their past. */
const BATCHES = 20;
/**
 * A batch in which a request was sent later than this, s, is left out: the machine had no time for this process, and
 * the arrivals were not Poisson. What became of the requests does not matter to that.
 */
const LATE = SERVICE / 2;
const FEWEST_BATCHES = 12;
const SEED = Number(process.env.SEED ?? 1917);
/** s: HAProxy's clock has whole ms. */
const CLOCK = 0.001;

/** Each is a frontend of its own; all run at the same time. `load`: nominal erlangs; what is predicted from is measured. */
const reject = (cap, load, service = 'exponential') => ({ overLimit: 'reject', cap, places: 0, load, service });
const queue = (cap, load, places = Infinity) => ({ overLimit: 'queue', cap, places, load, service: 'exponential' });
const POINTS = [
  reject(8, 4), reject(8, 8), reject(8, 8, 'fixed'), reject(20, 20),
  queue(8, 5.6), queue(8, 6.4), queue(20, 16),
  queue(8, 8, 4), queue(8, 10, 8),
];

/** Numbers from 0 to 1 (mulberry32), the same for the same seed. */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
const exponential = (mean, draw) => -mean * Math.log(1 - draw());

/** Requests on bare connections that are kept, so that sending one takes next to nothing. */
class Connections {
  #free = [];
  answers = {};
  pending = 0;

  constructor(port) {
    this.port = port;
  }

  #open() {
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true });
    return socket.on('data', (answer) => {
      const status = answer.toString('latin1', 9, 12);
      this.answers[status] = (this.answers[status] ?? 0) + 1;
      this.pending--;
      this.#free.push(socket);
    });
  }

  get(path) {
    this.pending++;
    (this.#free.pop() ?? this.#open()).write(`GET ${path} HTTP/1.1\r\nHost: o\r\n\r\n`);
  }

  close() {
    this.#free.forEach((socket) => socket.destroy());
  }
}

/** Sends requests at the times of a Poisson process; gives `{ at, late }` of each, s: when it was sent, and how late. */
async function arrivals(connections, { rate, service, seed, until }) {
  const draw = random(seed);
  const sent = [];
  const start = performance.now();
  for (let next = exponential(1 / rate, draw); next < until;) {
    const now = (performance.now() - start) / 1000;
    if (now < next) {
      await sleep(1000 * (next - now));
      continue;
    }
    const hold = 1000 * (service === 'fixed' ? SERVICE : exponential(SERVICE, draw));
    connections.get(`/${sent.length}?delay=${Math.round(hold)}`);
    sent.push({ at: now, late: now - next });
    next += exponential(1 / rate, draw);
  }
  return sent;
}

const mean = (values) => values.reduce((sum, x) => sum + x, 0) / values.length;

/** Two-sided quantiles of Student's t, by degrees of freedom from 10 to 18. */
const T95 = [2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101];
/** 99.99 %: with 14 comparisons, one run in 700 is off by chance. */
const T9999 = [6.211, 5.921, 5.694, 5.513, 5.363, 5.239, 5.134, 5.044, 4.966];

/**
 * Mean over the batches, and how far it may be from the truth. Neighbouring requests are alike, batches hardly. What
 * a batch's own load explains is no error, since the prediction is made from the load that there was: a straight line
 * through the batches by load leaves their mean where it is, and what lies beside the line is the error.
 */
function estimate(values, loads) {
  const [value, load] = [mean(values), mean(loads)];
  const slope = mean(loads.map((x, i) => (x - load) * (values[i] - value))) / mean(loads.map((x) => (x - load) ** 2));
  const freedom = values.length - 2;
  const rest = values.reduce((sum, y, i) => sum + (y - value - slope * (loads[i] - load)) ** 2, 0);
  const error = Math.sqrt(rest / freedom / values.length);
  return { value, within95: T95[freedom - 10] * error, within9999: T9999[freedom - 10] * error };
}

/** HAProxy's own record of each request: `frontend path status TR Tw Ta`, times in ms. */
function recordsOf(log) {
  const found = new Map();
  for (const line of log.split('\n')) {
    const match = line.match(/^(f\d+) \/(\d+)\S* (\d+) (-?\d+) (-?\d+) (-?\d+)$/);
    if (!match) continue;
    const [, frontend, index, status, TR, Tw, Ta] = match;
    if (!found.has(frontend)) found.set(frontend, []);
    found.get(frontend)[Number(index)] = { status: Number(status), wait: Math.max(0, Number(Tw)) / 1000, held: (Number(Ta) - Number(TR) - Math.max(0, Number(Tw))) / 1000 };
  }
  return found;
}

/** What the core says of a point, at the rate and service time (s) that were measured. */
function predict(point, { rate, service }) {
  const { overLimit, cap, places } = point;
  const input = { arrivalRate: rate, responseTime: service, overLimit, cap, retries: 0 };
  if (overLimit === 'queue') input.queuePlaces = Math.min(places, 1e6);
  const { status, answer } = native(input);
  assert.equal(status, 0, JSON.stringify(answer));
  const { rejected, waiting, meanWait } = answer.exceeded.once;
  return { refused: rejected, waiting, wait: meanWait };
}

/** What is compared, and what counting itself may be off by. */
const QUANTITIES = {
  refused: { unit: 'share refused', allowance: () => 0 },
  // A wait shorter than HAProxy's clock may show as none: as many as C·(cμ − λ) a second are that short.
  waiting: { unit: 'share that waits', allowance: ({ cap }, { rate, service }, said) => CLOCK * said * (cap / service - rate) },
  wait: { unit: 'mean wait, ms', allowance: () => CLOCK / 2 },
};
const about = ({ overLimit, places }) => (overLimit === 'reject' ? ['refused'] : places === Infinity ? ['waiting', 'wait'] : ['refused', 'wait']);
/** What formulas that are not its own would say: none of that may lie in the interval that the right one has to lie in. */
function wrong(point, quantity) {
  const finite = point.places > 0 && point.places < Infinity;
  const fewer = ['a limit of one less', { ...point, cap: point.cap - 1 }];
  const none = ['no queue', { ...point, overLimit: 'reject' }];
  if (quantity === 'wait') return finite ? [none] : point.cap === 8 && point.load > 6 ? [fewer] : [];
  return finite ? [fewer, none] : [fewer];
}

const batchOf = (at) => (at < WARM_UP ? -1 : Math.floor(((at - WARM_UP) / (SECONDS - WARM_UP)) * BATCHES));

/** All arrivals at all points, what HAProxy noted of each, and the batches that count; a second time if too few do. */
async function measure(t, ports, log, again = true) {
  const before = readFileSync(log, 'utf8').length;
  const clients = ports.map((port) => new Connections(port));
  const sent = await Promise.all(POINTS.map(({ load, service }, i) =>
    arrivals(clients[i], { rate: load / SERVICE, service, seed: SEED + i, until: SECONDS })));
  await until(() => clients.every(({ pending }) => pending === 0), 'the last answer');
  clients.forEach((client) => client.close());
  const answers = clients.flatMap(({ answers }) => Object.keys(answers));
  assert.ok(answers.every((status) => status === '200' || status === '503'), answers.join(' '));
  // HAProxy notes a request when its answer has left.
  const logged = await until(() => {
    const records = recordsOf(readFileSync(log, 'utf8').slice(before));
    return sent.every((requests, i) => records.get(`f${i}`)?.length === requests.length) && records;
  }, 'the end of HAProxy’s log');

  const late = Array(BATCHES).fill(0);
  for (const { at, late: by } of sent.flat()) if (at >= WARM_UP) late[batchOf(at)] = Math.max(late[batchOf(at)], by);
  const used = late.flatMap((by, batch) => (by <= LATE ? [batch] : []));
  const left = `${used.length} of ${BATCHES} batches; latest in each, ms: ${late.map((by) => Math.round(1000 * by)).join(' ')}`;
  t.diagnostic(left);
  if (used.length >= FEWEST_BATCHES) return { sent, used, logged };
  return again ? measure(t, ports, log, false) : { busy: `the machine is too busy to send at the times of a Poisson process: ${left}` };
}

test('refused shares and mean waits are those that the formulas say', inLab(['haproxy', 'openssl'], async (lab, t) => {
  const target = fork(fileURLToPath(new URL('harness/delayed.mjs', import.meta.url)), { execArgv: [] });
  lab.onClose(() => target.kill());
  const [originPort] = await once(target, 'message');
  const ports = await Promise.all(POINTS.map(() => freePort()));
  const guard = await haproxy(lab, `
    defaults
      mode http
      ${PATIENT}
      timeout queue 10m
      http-reuse always
      log global
      log-format "%f %HU %ST %TR %Tw %Ta"
    ${POINTS.map(({ overLimit, cap, places }, i) => `
      frontend f${i}
        bind 127.0.0.1:${ports[i]}
        ${overLimit === 'reject' ? `
          stick-table type ip size 16 store conn_cur
          http-request track-sc0 src
          http-request return status 503 content-type text/plain string full if { sc_conn_cur(0) gt ${cap} }` : `
          ${places === Infinity ? '' : `http-request return status 503 content-type text/plain string full if { queue(b${i}) ge ${places} }`}`}
        default_backend b${i}
      backend b${i}
        server o 127.0.0.1:${originPort} ${overLimit === 'reject' ? '' : `maxconn ${cap}`}`).join('\n')}
  `);
  const { busy, sent, used, logged } = await measure(t, ports, guard.log);
  if (busy) {
    if (process.env.CI) throw new Error(busy);
    return t.skip(busy);
  }
  const seconds = (SECONDS - WARM_UP) / BATCHES;
  const rows = [];
  for (const [i, point] of POINTS.entries()) {
    const byBatch = used.map((batch) => sent[i].flatMap(({ at }, index) => (batchOf(at) === batch ? [logged.get(`f${i}`)[index]] : [])));
    const taken = byBatch.map((records) => records.filter(({ status }) => status === 200));
    const service = mean(taken.flat().map(({ held }) => held));
    const measured = { rate: byBatch.flat().length / seconds / used.length, service };
    const loads = byBatch.map((records, k) => (records.length / seconds) * mean(taken[k].map(({ held }) => held)));
    const values = {
      refused: byBatch.map((records, k) => 1 - taken[k].length / records.length),
      waiting: byBatch.map((records) => records.filter(({ wait }) => wait > 0).length / records.length),
      wait: taken.map((records) => mean(records.map(({ wait }) => wait))),
    };
    const said = predict(point, measured);
    for (const quantity of about(point)) {
      rows.push({ point, quantity, measured, requests: byBatch.flat().length, said: said[quantity], found: estimate(values[quantity], loads) });
    }
  }

  await Promise.all(rows.map(({ point, quantity, measured, said, found }) => lab.claim(t, `${title(point)}: ${QUANTITIES[quantity].unit}`, () => {
    const within = found.within9999 + QUANTITIES[quantity].allowance(point, measured, said);
    const apart = (other) => Math.abs(other - found.value);
    assert.ok(apart(said) <= within, `predicted ${said}, measured ${found.value} ± ${within} (99.99 %)`);
    for (const [name, other] of wrong(point, quantity)) {
      const instead = predict(other, measured)[quantity];
      assert.ok(apart(instead) > within, `${name} would give ${instead}, and pass: ${found.value} ± ${within}`);
    }
  })));
  compareTable(rows);
}));

function title({ overLimit, cap, places, service, load }) {
  const beyond = overLimit === 'reject' ? 'refused' : places === Infinity ? 'queued' : `${places} queued, the next refused`;
  return `limit ${cap}, beyond it ${beyond}, ${service} service times, ${load} erlangs`;
}

const table = new URL('../../core/src/overload/predicted.md', import.meta.url);
const HEAD = '| Limit | Beyond it | Service times | Their mean, ms | Offered load, erlangs | Requests | | Predicted | Measured ± 95 % |\n|---|---|---|---|---|---|---|---|---|\n';
const FORMULA = ({ overLimit, places }) => (overLimit === 'reject' ? 'refused (Erlang B)' : places === Infinity ? 'queued (Erlang C)' : `${places} queued, then refused (M/M/c/K)`);

/**
 * Writes `predicted.md` where `WRITE_PREDICTED` is set. Else the one that is there must be about the same rows, and its
 * predictions those of the core as it is.
 */
function compareTable(rows) {
  const cells = rows.map(({ point, quantity, measured, requests, said, found }) => {
    const show = (x) => (quantity === 'wait' ? (1000 * x).toFixed(1) : `${(100 * x).toFixed(2)} %`);
    return [
      point.cap, FORMULA(point), point.service, (1000 * measured.service).toFixed(1), (measured.rate * measured.service).toFixed(3),
      requests, QUANTITIES[quantity].unit, show(said), `${show(found.value)} ± ${show(found.within95)}`,
    ];
  });
  if (process.env.WRITE_PREDICTED) writeFileSync(table, HEAD + cells.map((row) => `| ${row.join(' | ')} |\n`).join(''));
  const text = readFileSync(table, 'utf8');
  assert.ok(text.startsWith(HEAD));
  const there = text.slice(HEAD.length).trim().split('\n').map((line) => line.slice(2, -2).split(' | '));
  const shape = (row) => [0, 1, 2, 6].map((i) => String(row[i]));
  assert.deepEqual(there.map(shape), cells.map(shape));
  for (const [i, row] of there.entries()) {
    const { point, quantity } = rows[i];
    const [service, load] = [Number(row[3]) / 1000, Number(row[4])];
    const said = predict(point, { rate: load / service, service })[quantity] * (quantity === 'wait' ? 1000 : 100);
    // What stands there is rounded.
    assert.ok(Math.abs(said - Number.parseFloat(row[7])) < 0.02 * said, `predicted.md says ${row[7]} in row ${i + 1}, the core ${said}`);
  }
}
