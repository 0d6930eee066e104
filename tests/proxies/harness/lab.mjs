// Programs on 127.0.0.1 for the length of one test: their folder, their ports, their start and their end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { authority } from './certificates.mjs';

export { sleep };

/** A program's path: on PATH, or where Debian keeps what a server runs; undefined where it is not there. */
export function program(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find(existsSync);
}

const running = new Set();
// A test that is broken off must not leave its programs behind.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const [signal, status] of [['SIGINT', 130], ['SIGTERM', 143]]) process.once(signal, () => process.exit(status));

const given = new Set();
/**
 * A port that nobody listens on, on any address of 127.0.0.0/8. From below the range that the system takes its own
 * from (`net.ipv4.ip_local_port_range`), so that no connection of another program gets it in between.
 */
export async function freePort() {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    if (given.has(port)) continue;
    const server = createServer();
    try {
      server.listen(port, '0.0.0.0');
      await once(server, 'listening');
      given.add(port);
      return port;
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error;
    } finally {
      server.close();
    }
  }
}

/** Waits until `test` answers with something, and returns that. */
export async function until(test, what, seconds = 20) {
  for (const end = Date.now() + 1000 * seconds; ; await sleep(10)) {
    const answer = await test();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
  }
}

/** Waits until a connection to `where` (of `net.connect`) stands. */
export function untilConnects(where) {
  const attempt = () => new Promise((resolve) => {
    const socket = connect(where, () => resolve(true)).on('error', () => resolve(false)).on('connect', () => socket.destroy());
  });
  return until(attempt, `a connection to ${JSON.stringify(where)}`);
}

/**
 * A test body `(lab, t)` with a lab of its own. Where one of `programs` is absent the test is skipped, or fails if `CI`
 * is set: there, a test that did not run must not look like one that passed.
 */
export function inLab(programs, body) {
  return async (t) => {
    const absent = programs.filter((name) => !program(name));
    if (absent.length > 0) {
      const reason = `not installed: ${absent.join(', ')} (scripts/setup --proxies installs it)`;
      if (process.env.CI) throw new Error(reason);
      return t.skip(reason);
    }
    const lab = new Lab();
    try {
      return await body(lab, t);
    } catch (error) {
      lab.failed = true;
      throw error;
    } finally {
      await lab.close();
    }
  };
}

/** A folder and what was started in it. `close()` ends all of it; the folder, with every log, stays if `failed`. */
export class Lab {
  failed = false;
  #closers = [];
  #names = 0;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'proxy-concurrency-proxies-'));
    // A proxy that gives up root must be able to reach its own folder in it.
    chmodSync(this.folder, 0o755);
  }

  /** Certificates of the run: `caFile` for clients, `key` and `cert` (PEM) for servers. */
  get certificates() {
    return authority();
  }

  /** A new folder in the lab's, which whoever the program runs as may write to. */
  subfolder(name) {
    const path = join(this.folder, `${++this.#names}-${name}`);
    mkdirSync(path);
    chmodSync(path, 0o777);
    return path;
  }

  /** Calls `close` when the lab ends; what came last goes first. */
  onClose(close) {
    this.#closers.push(close);
  }

  /** A subtest; where it fails, the logs are kept. */
  claim(t, name, body) {
    return t.test(name, async (t) => {
      try {
        await body(t);
      } catch (error) {
        this.failed = true;
        throw error;
      }
    });
  }

  /**
   * Starts a server and waits until `ready()` is done. Its output goes to a log in `folder`. A server that ends by
   * itself before that is an error with the end of its log.
   */
  async start(name, args, { ready, folder = this.subfolder(name), signal = 'SIGTERM', ...options }) {
    const log = join(folder, `${name}.log`);
    const output = openSync(log, 'a');
    const child = spawn(program(name) ?? name, args, { stdio: ['ignore', output, output], ...options });
    closeSync(output);
    running.add(child);
    const ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (status, signal) => resolve(`ended with ${signal ?? `status ${status}`}`));
    }).finally(() => running.delete(child));
    this.onClose(async () => {
      child.kill(signal);
      const late = await Promise.race([ended.then(() => false), sleep(5000, true, { ref: false })]);
      if (late) child.kill('SIGKILL');
      await ended;
    });
    const early = ended.then((how) => {
      throw new Error(`${name} ${how}\n${readFileSync(log, 'utf8').split('\n').slice(-20).join('\n')}`);
    });
    // Later, its end is expected.
    early.catch(() => {});
    await Promise.race([ready(), early]);
    return { child, pid: child.pid, log, folder };
  }

  /**
   * Runs a client to its end: status, output and seconds. It is ended after `timeout` s, and that is said by `timedOut`.
   */
  async run(command, args, { timeout = 60, input = '', ...options } = {}) {
    const started = performance.now();
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
    running.add(child);
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => (output[name] += text));
    // A client may end without reading.
    child.stdin.on('error', () => {}).end(input);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, 1000 * timeout);
    try {
      const [status, signal] = await once(child, 'close');
      return { status, signal, timedOut, seconds: (performance.now() - started) / 1000, pid: child.pid, ...output };
    } finally {
      clearTimeout(timer);
      running.delete(child);
    }
  }

  async close() {
    const errors = [];
    for (const close of this.#closers.splice(0).reverse()) await Promise.resolve(close()).catch((error) => errors.push(error));
    if (this.failed) console.error(`logs and configurations: ${this.folder}`);
    else rmSync(this.folder, { recursive: true, force: true });
    if (errors.length > 0) throw errors[0];
  }
}
