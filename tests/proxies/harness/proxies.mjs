// HAProxy, Squid, nginx and microsocks with a configuration of our own, and what they count themselves.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ADDRESSES, HOSTS } from './certificates.mjs';
import { freePort, until, untilConnects } from './lab.mjs';

/** Text without the indentation of the source around it. */
const lines = (text) => `${text.split('\n').map((line) => line.trim()).filter(Boolean).join('\n')}\n`;

/**
 * HAProxy with these sections. One thread: with more, each keeps connections to the servers of its own, and the counts
 * say as much about threads as about the protocol.
 *
 * It gives `command(text)` (answer of its stats socket), `stat(name)` (its own counters of a frontend, `name`, or of a
 * server, `backend/server`) and `table(name)` (entries of a stick table: `{ key, conn_cur: … }`).
 */
export async function haproxy(lab, sections, { global = '' } = {}) {
  const folder = lab.subfolder('haproxy');
  const socket = join(folder, 'stats');
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, lines(`
    global
      stats socket ${socket} mode 600 level admin
      stats timeout 1m
      log stdout format raw local0
      nbthread 1
      maxconn 8192
      ${global}
    ${sections}
  `));
  const command = (text) => new Promise((resolve, reject) => {
    let answer = '';
    connect({ path: socket }, function () { this.write(`${text}\n`); })
      .setEncoding('utf8').on('data', (part) => (answer += part)).on('end', () => resolve(answer)).on('error', reject);
  });
  // Its sockets are bound before it answers on any, so this one stands for all and leaves the counters of the others at 0.
  const started = await lab.start('haproxy', ['-db', '-f', file], { folder, ready: () => untilConnects({ path: socket }) });
  const stats = async () => {
    const [head, ...rows] = (await command('show stat')).trim().split('\n').map((line) => line.replace(/^# /, '').split(','));
    return rows.map((row) => Object.fromEntries(row.map((value, i) => [head[i], /^-?\d+$/.test(value) ? Number(value) : value])));
  };
  return {
    ...started, command, file,
    async stat(name) {
      const [proxy, server = 'FRONTEND'] = name.split('/');
      const found = (await stats()).find(({ pxname, svname }) => pxname === proxy && svname === server);
      if (!found) throw new Error(`HAProxy has no counters of ${name}`);
      return found;
    },
    async table(name) {
      const [, ...rows] = (await command(`show table ${name}`)).trim().split('\n');
      return rows.map((row) => Object.fromEntries([...row.matchAll(/(\w+)(?:\(\d+\))?=(\S+)/g)]
        .map(([, key, value]) => [key, key !== 'key' && /^\d+$/.test(value) ? Number(value) : value])));
    },
  };
}

/** Time-outs that no test here runs into. */
export const PATIENT = `
  timeout connect 10s
  timeout client 10m
  timeout server 10m
`;

const SHARED_MEMORY = '/dev/shm';
let squids = 0;
/**
 * Squid as a forward proxy for the whole loopback network, which caches nothing. `config` comes before the line that
 * lets everyone in. The host names of the origins are in its hosts file; of all others it soon knows that nobody has them:
 * what a browser asks for on its own would otherwise be open for 35 s, whether the browser is still there or not.
 */
export async function squid(lab, { config = '', port } = {}) {
  port ??= await freePort();
  const folder = lab.subfolder('squid');
  const file = join(folder, 'squid.conf');
  writeFileSync(join(folder, 'hosts'), HOSTS.map((host) => `127.0.0.1 ${host}\n`).join(''));
  writeFileSync(file, lines(`
    http_port 127.0.0.1:${port}
    visible_hostname localhost
    hosts_file ${join(folder, 'hosts')}
    dns_nameservers 127.0.0.1
    dns_retransmit_interval 500 milliseconds
    dns_timeout 1 second
    pid_filename none
    cache deny all
    cache_mem 8 MB
    cache_store_log none
    cache_log ${join(folder, 'cache.log')}
    access_log stdio:${join(folder, 'access.log')}
    coredump_dir none
    netdb_filename none
    pinger_enable off
    shutdown_lifetime 0 seconds
    max_filedescriptors 8192
    ${config}
    acl loopback src 127.0.0.0/8
    http_access allow loopback
    http_access deny all
  `));
  // Asked politely, it takes a second to end; nothing of it outlives the process.
  const ready = () => untilConnects({ host: '127.0.0.1', port });
  // Each makes shared memory by its service's name, and two with one name that start at once end one another.
  const service = `proxyconcurrency${process.pid}n${++squids}`;
  lab.onClose(() => {
    const left = readdirSync(SHARED_MEMORY).filter((name) => name.startsWith(`${service}-`));
    left.forEach((name) => rmSync(join(SHARED_MEMORY, name)));
  });
  const started = await lab.start('squid', ['-N', '-d', '1', '-n', service, '-f', file], { folder, ready, signal: 'SIGKILL' });
  return { ...started, port, url: `http://127.0.0.1:${port}` };
}

/** nginx, one process, with these lines in its `http` block. */
export async function nginx(lab, port, http) {
  const folder = lab.subfolder('nginx');
  const file = join(folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`);
  writeFileSync(file, lines(`
    daemon off;
    master_process off;
    pid ${folder}/pid;
    error_log stderr;
    events { worker_connections 4096; }
    http {
      access_log ${folder}/access.log;
      ${temporary.join('\n')}
      ${http}
    }
  `));
  const args = ['-p', folder, '-c', file, '-e', 'stderr'];
  const started = await lab.start('nginx', args, { folder, ready: () => untilConnects({ host: '127.0.0.1', port }) });
  return { ...started, port };
}

/** microsocks: a SOCKS5 relay, a thread for each connection. */
export async function microsocks(lab) {
  const port = await freePort();
  const ready = () => untilConnects({ host: '127.0.0.1', port });
  const started = await lab.start('microsocks', ['-i', '127.0.0.1', '-p', String(port)], { ready });
  return { ...started, port, url: `socks5h://127.0.0.1:${port}` };
}

/**
 * A proxy (Squid, or what `proxy` is: anything with a `port`) behind a meter: a HAProxy in TCP mode that passes every
 * connection on and counts. Clients use `url`.
 *
 * `counts()`: connections from clients that are open, the peak (HAProxy's `smax`) and the total (`stot`); how many of
 * them began with CONNECT (`connects`), and how many of those are open (`tunnels`). Exact: HAProxy counts each as it
 * accepts it, so none falls between two looks. `reset()` sets peak and total to what is open.
 */
export async function proxyWithMeter(lab, { proxy } = {}) {
  proxy ??= await squid(lab);
  const port = await freePort();
  const guard = await haproxy(lab, `
    defaults
      mode tcp
      ${PATIENT}
    frontend meter
      bind 127.0.0.1:${port}
      maxconn 4096
      # A client's first byte: what cannot become CONNECT is passed on at once (a SOCKS5 greeting is 3 bytes long).
      tcp-request inspect-delay 10m
      tcp-request content accept if { req.payload(0,1) -m found } !{ req.payload(0,1) -m str C }
      tcp-request content track-sc0 str(CONNECT) table connects if { req.payload(0,8) -m str "CONNECT " }
      default_backend proxy
    backend proxy
      server proxy 127.0.0.1:${proxy.port}
    backend connects
      stick-table type string len 16 size 16 store conn_cnt,conn_cur
  `);
  const raw = async () => {
    const { scur, smax, stot } = await guard.stat('meter');
    const [{ conn_cnt = 0, conn_cur = 0 } = {}] = await guard.table('connects');
    return { open: scur, peak: smax, total: stot, connects: conn_cnt, tunnels: conn_cur };
  };
  let before = { total: 0, connects: 0 };
  return {
    proxy, port, haproxy: guard,
    url: `${new URL(proxy.url ?? 'http://proxy').protocol}//127.0.0.1:${port}`,
    async counts() {
      const counts = await raw();
      return { ...counts, total: counts.total - before.total, connects: counts.connects - before.connects };
    },
    async reset() {
      await guard.command('clear counters all');
      before = await raw();
    },
    /** Waits until no connection of a client is open. */
    idle: () => until(async () => (await raw()).open === 0, 'the last client to leave the meter'),
  };
}

export { ADDRESSES, HOSTS };
