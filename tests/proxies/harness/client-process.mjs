// Starts client.mjs and talks to it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * A client: `{ route, h2, over, proxy: { port, tls } }`; `over` is what it does above the limit of streams (`open`,
 * `wait`). `send(urls, { alone })` begins one request for each, `alone` on a connection of its own; `wait()` gives the
 * statuses of all that were begun, `answered()` how many of all have an answer.
 */
export async function client(lab, task) {
  const child = fork(fileURLToPath(new URL('client.mjs', import.meta.url)), { execArgv: [] });
  const ended = once(child, 'exit');
  lab.onClose(async () => {
    child.kill();
    await ended;
  });
  const ask = async (message) => {
    const answered = once(child, 'message');
    child.send(message);
    const [answer] = await Promise.race([answered, ended.then(([status, signal]) => [{ error: `the client ended: ${signal ?? status}` }])]);
    if (answer.error) throw new Error(answer.error);
    return answer;
  };
  const first = await ask({ do: 'open', ca: lab.certificates.ca, ...task });
  let { handshakes } = first;
  return {
    pid: child.pid,
    get handshakes() { return handshakes; },
    send: (urls, { alone = false } = {}) => ask({ do: 'send', urls, alone }),
    answered: async () => (await ask({ do: 'look' })).answered,
    async wait() {
      const answer = await ask({ do: 'wait' });
      ({ handshakes } = answer);
      return answer.statuses;
    },
    async close() {
      child.kill();
      await ended;
    },
  };
}
