// A client in a process of its own, so that its sockets are its own: Node's http, https and http2 by every route.
// Started by `client()` of client-process.mjs, which sends what to do.
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import { once } from 'node:events';
import tls from 'node:tls';

const handshakes = { proxy: 0, origin: 0 };

/** TLS over `socket`, with what both sides agreed on. */
async function secure(socket, { ca, host, alpn, leg }) {
  const over = tls.connect({ socket, ca, host, servername: net.isIP(host) ? undefined : host, ALPNProtocols: [alpn] });
  await once(over, 'secureConnect');
  handshakes[leg]++;
  if (over.alpnProtocol !== alpn) throw new Error(`${host} speaks ${over.alpnProtocol}, not ${alpn}`);
  return over;
}

async function toProxy({ proxy, ca }, alpn) {
  const socket = net.connect(proxy.port, '127.0.0.1');
  await once(socket, 'connect');
  return proxy.tls ? secure(socket, { ca, host: '127.0.0.1', alpn, leg: 'proxy' }) : socket;
}

async function throughConnect(task, target) {
  const socket = await toProxy(task, 'http/1.1');
  const request = http.request({ method: 'CONNECT', path: target.host, headers: { host: target.host }, createConnection: () => socket }).end();
  const [response] = await once(request, 'connect');
  if (response.statusCode !== 200) throw new Error(`CONNECT: ${response.statusCode}`);
  return socket;
}

async function throughSocks(task, target) {
  const socket = await toProxy(task);
  const read = async (length) => {
    for (;;) {
      const bytes = socket.read(length);
      if (bytes) return bytes;
      await once(socket, 'readable');
    }
  };
  // RFC 1928: version 5, one method, none; then version 5, CONNECT to an IPv4 address and port.
  socket.write(Buffer.from([5, 1, 0]));
  if ((await read(2))[1] !== 0) throw new Error('SOCKS5: no method');
  const { port } = target;
  socket.write(Buffer.from([5, 1, 0, 1, ...target.hostname.split('.').map(Number), port >> 8, port & 255]));
  if ((await read(10))[1] !== 0) throw new Error('SOCKS5: refused');
  return socket;
}

/** HTTP/2 sessions to one endpoint, as many as its limit of streams asks for. */
class Sessions {
  #all = [];
  #pending = Promise.resolve();

  constructor(open, over) {
    Object.assign(this, { open, over });
  }

  /** A session with room for one more stream, where it is taken at once; `alone`: one that nothing else is on. */
  async take(alone) {
    if (alone) return this.#use(await this.#add());
    // One after another: who comes while a session is opened waits to see whether it fits on that one.
    const taken = this.#pending.then(async () => this.#use(this.#withRoom() ?? (await this.#add())));
    this.#pending = taken.catch(() => {});
    return taken;
  }

  #withRoom() {
    if (this.over === 'wait') return this.#all[0];
    return this.#all.find((entry) => entry.inFlight < (entry.session.remoteSettings.maxConcurrentStreams ?? Infinity));
  }

  #use(entry) {
    entry.inFlight++;
    return entry;
  }

  async #add() {
    const entry = { session: await this.open(), inFlight: 0 };
    this.#all.push(entry);
    return entry;
  }
}

async function session(socket, authority) {
  const session = http2.connect(authority, { createConnection: () => socket });
  session.on('error', () => {});
  // Its limit of streams is known once its settings are.
  await once(session, 'remoteSettings');
  return session;
}

/** Ends with the status once all of the answer is there. */
async function send2(entry, headers) {
  const stream = entry.session.request({ ':method': 'GET', ...headers });
  try {
    const [answer] = await once(stream, 'response');
    await once(stream.resume(), 'end');
    return answer[':status'];
  } finally {
    entry.inFlight--;
  }
}

async function send1(module, options) {
  const request = module.request(options).end();
  const [response] = await once(request, 'response');
  await once(response.resume(), 'end');
  return response.statusCode;
}

/** A function that sends one GET to `target`, by the task's route and HTTP version. */
function sender(task) {
  const { route, h2, over, ca } = task;
  const toProxies = new Sessions(async () => session(await toProxy(task, 'h2'), 'https://127.0.0.1'), 'open');
  const tunnel = {
    forward: () => toProxy(task, 'http/1.1'),
    gateway: () => toProxy(task, h2 ? 'h2' : 'http/1.1'),
    tunnel: (target) => throughConnect(task, target),
    socks5: (target) => throughSocks(task, target),
    'h2-proxy': async (target) => {
      const entry = await toProxies.take(false);
      const stream = entry.session.request({ ':method': 'CONNECT', ':authority': target.host }, { endStream: false });
      const [answer] = await once(stream, 'response');
      if (answer[':status'] !== 200) throw new Error(`CONNECT: ${answer[':status']}`);
      return stream;
    },
  }[route];
  // A gateway is one endpoint; elsewhere each origin is.
  const endpoint = (target) => (route === 'gateway' ? '' : target.host);
  const connection = async (target) => {
    const socket = await tunnel(target);
    if (route === 'forward' || route === 'gateway' || target.protocol === 'http:') return socket;
    return secure(socket, { ca, host: target.hostname, alpn: h2 ? 'h2' : 'http/1.1', leg: 'origin' });
  };
  if (h2) {
    const pools = new Map();
    return async (target, alone) => {
      const key = endpoint(target);
      if (!pools.has(key)) pools.set(key, new Sessions(async () => session(await connection(target), target.origin), over));
      return send2(await pools.get(key).take(alone), { ':path': target.pathname, ':authority': target.host, ':scheme': 'https' });
    };
  }
  const agents = new Map();
  return (target) => {
    const key = route === 'forward' ? '' : endpoint(target);
    if (!agents.has(key)) {
      // Node's own pool; only how a connection is opened is ours.
      const agent = new http.Agent({ keepAlive: true });
      agent.createConnection = (_, done) => {
        connection(target).then((socket) => done(null, socket), done);
      };
      agents.set(key, agent);
    }
    const path = route === 'forward' ? target.href : target.pathname;
    return send1(http, { agent: agents.get(key), path, headers: { host: target.host } });
  };
}

let send;
let answered = 0;
const started = [];
process.on('message', async (task) => {
  try {
    if (task.do === 'open') {
      send = sender(task);
    } else if (task.do === 'send') {
      for (const url of task.urls) {
        const answer = send(new URL(url), task.alone);
        answer.then(() => answered++, () => {});
        started.push(answer);
      }
    } else if (task.do === 'wait') {
      process.send({ statuses: await Promise.all(started.splice(0)), handshakes });
      return;
    }
    process.send({ handshakes, answered });
  } catch (error) {
    process.send({ error: error.stack });
  }
});
