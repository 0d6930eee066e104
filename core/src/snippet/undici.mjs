// {{versions}}: {{install}}
// Caps open connections at the proxy, idle ones too: a worker closes its last one before it opens the next.
// {{not_capped}}
import net from 'node:net';
import tls from 'node:tls';
import { {{imports}} } from 'undici';

const PROXY = new URL({{proxy}});
const CAP = {{cap}};
const URLS = [
{{urls}}
];

// Each connection to the proxy passes here and has a place, until the proxy has closed it too and had time to count that.
let places = CAP;
const waiting = [];
const leave = () => (waiting.length > 0 ? waiting.shift()() : places++);
const guard = net.createServer({ allowHalfOpen: true }, async (client) => {
  client.on('error', () => client.destroy());
  if (places > 0) places--;
  else await new Promise((resolve) => waiting.push(resolve));
  if (client.destroyed) return leave();
  const secure = PROXY.protocol === 'https:';
  const host = PROXY.hostname.replace(/[[\]]/g, ''); // IPv6 without its brackets
  const to = { host, port: PROXY.port || (secure ? 443 : 80), servername: net.isIP(host) ? '' : host, allowHalfOpen: true };
  const upstream = (secure ? tls : net).connect(to);
  upstream.on('error', () => client.destroy()).on('close', () => setTimeout(leave, 20));
  client.on('close', () => upstream.end().setTimeout(5000, () => upstream.destroy()));
  client.pipe(upstream).pipe(client);
});
await new Promise((resolve) => guard.listen(0, '127.0.0.1', resolve));
const uri = new URL(PROXY); // with its user and password
uri.protocol = 'http:';
uri.hostname = '127.0.0.1';
uri.port = guard.address().port;

const urls = URLS.values(); // each worker takes the next one
let failed = 0;

async function worker() {
  let agent, last;
  for (const url of urls) {
    const { origin } = new URL(url);
    if (origin !== last) {
      await agent?.close();
      // `connections` would count for each origin, and not for http://: one client for each origin has one connection.
      agent = new ProxyAgent({ uri: uri.href, allowH2: false, proxyTunnel: false, factory: (...client) => new Client(...client) });
      last = origin;
    }
    const started = performance.now();
    let status, ok;
    try {
      const response = await fetch(url, { dispatcher: agent, signal: AbortSignal.timeout(30_000) });
      await response.arrayBuffer();
      ({ status, ok } = response);
    } catch (error) {
      console.error(`${url}: ${error.cause ?? error}`);
      status = error.cause?.code ?? error.name;
    }
    if (!ok) failed++;
    console.log(`${status} ${((performance.now() - started) / 1000).toFixed(3)}`);
  }
  await agent?.close();
}

await Promise.all(Array.from({ length: Math.min(CAP, URLS.length) }, worker));
guard.close();
process.exitCode = failed > 0 ? 1 : 0;
