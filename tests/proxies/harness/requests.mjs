// Requests through a proxy by hand, each on a connection of its own, timed step by step.
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { sleep } from './lab.mjs';

/** The head of the next answer and what came after it; `undefined` where the connection closed without a byte. */
function head(socket) {
  return new Promise((resolve, reject) => {
    let text = '';
    const done = (answer) => {
      socket.off('data', more).off('end', end).off('error', reject);
      resolve(answer);
    };
    const end = () => done(undefined);
    const more = (part) => {
      text += part.toString('latin1');
      if (!text.includes('\r\n\r\n')) return;
      socket.pause();
      const [first, ...fields] = text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n');
      const headers = Object.fromEntries(fields.map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 1).trim()]));
      done({ status: Number(first.split(' ')[1]), headers });
    };
    socket.on('data', more).on('end', end).on('error', reject);
  });
}

/**
 * One GET of `url` through the proxy at `port`: by CONNECT for https://, in absolute form for http://.
 *
 * `{ outcome, at, connected, connectReply, seconds, headers }`: `outcome` is the status, or `closed` (without a byte),
 * `reset`, `timeout`; `at` the step that gave it (`tcp`, `connect`, `tls`, `response`); times are s since the start.
 */
export async function request({ port, url, ca, headers = {}, from, timeout = 30 }) {
  const target = new URL(url);
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  const result = { at: 'tcp' };
  const extra = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const socket = connect({ host: '127.0.0.1', port, localAddress: from });
  let last = socket;
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    last.destroy(new Error('timeout'));
    socket.destroy(new Error('timeout'));
  }, 1000 * timeout);
  // Whoever waits hears of an error; one that comes later is nobody's.
  socket.on('error', () => {});
  const event = (emitter, name) => new Promise((resolve, reject) => emitter.once(name, resolve).once('error', reject)
    .once('close', () => reject(Object.assign(new Error('closed'), { code: 'CLOSED' }))));
  try {
    await event(socket, 'connect');
    result.connected = since();
    if (target.protocol === 'https:') {
      result.at = 'connect';
      socket.write(`CONNECT ${target.host} HTTP/1.1\r\nHost: ${target.host}\r\n${extra}\r\n`);
      const reply = await head(socket);
      result.connectReply = since();
      if (reply?.status !== 200) return { ...result, outcome: reply?.status ?? 'closed', headers: reply?.headers, seconds: since() };
      result.at = 'tls';
      last = connectTls({ socket, ca, servername: /^[\d.]+$/.test(target.hostname) ? undefined : target.hostname, host: target.hostname });
      await event(last, 'secureConnect');
      last.on('error', () => {});
    }
    result.at = 'response';
    const path = target.protocol === 'https:' ? target.pathname + target.search : target.href;
    last.write(`GET ${path} HTTP/1.1\r\nHost: ${target.host}\r\n${target.protocol === 'https:' ? '' : extra}Connection: close\r\n\r\n`);
    const reply = await head(last);
    if (!reply) return { ...result, outcome: 'closed', seconds: since() };
    result.firstByte = since();
    // To its end: a body may be what takes the time.
    last.resume();
    await Promise.race([event(last, 'end').catch(() => {}), event(socket, 'close')]);
    return { ...result, outcome: reply.status, headers: reply.headers, seconds: since() };
  } catch (error) {
    const outcome = timedOut ? 'timeout' : { ECONNRESET: 'reset', EPIPE: 'reset', CLOSED: 'closed' }[error.code] ?? error.code ?? error.message;
    return { ...result, outcome, seconds: since() };
  } finally {
    clearTimeout(timer);
    last.destroy();
    socket.destroy();
  }
}

/** `count` requests, begun `stagger` s apart; `each(i)` may give one settings of its own. */
export function burst({ count, stagger = 0.02, each = () => ({}), ...settings }) {
  return Promise.all(Array.from({ length: count }, async (_, i) => {
    if (stagger > 0) await sleep(1000 * stagger * i);
    return request({ ...settings, ...each(i) });
  }));
}
