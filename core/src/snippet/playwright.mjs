// {{versions}}: {{install}}
// Caps open connections at the proxy, idle ones and the browser's own too: all pass through a guard on this machine.
// {{not_capped}}
import { createServer } from 'node:net';
import { connect } from 'node:{{module}}';
import { chromium } from 'playwright';

const PROXY = { {{to}} };
const CREDENTIALS = { {{credentials}} };
const CAP = {{cap}};
const PAGES = Math.min(CAP, 16); // at a time: about 100 MB each. Fewer are faster where pages have parts from many hosts
const URLS = [
{{urls}}
];

// Each connection to the proxy passes here and has a place, until the proxy has closed it too and had time to count that.
let places = CAP;
const waiting = [];
const open = new Set();
const leave = () => (waiting.length > 0 ? waiting.shift()() : places++);
const guard = createServer({ allowHalfOpen: true }, async (client) => {
  client.on('error', () => client.destroy());
  if (places > 0) places--;
  else await new Promise((resolve) => waiting.push(resolve));
  if (client.destroyed) return leave();
  const upstream = connect({ ...PROXY, allowHalfOpen: true });
  const connection = { client, quietSince: Infinity };
  open.add(connection);
  upstream.on('error', () => client.destroy()).on('close', () => {
    open.delete(connection);
    setTimeout(leave, 20);
  });
  client.on('data', () => (connection.quietSince = Infinity)); // an answer is due
  upstream.on('data', () => (connection.quietSince = performance.now()));
  client.on('close', () => upstream.end().setTimeout(5000, () => upstream.destroy()));
  client.pipe(upstream).pipe(client);
});
// Chromium keeps idle connections for minutes: those quiet for half a second make room for as many as wait.
setInterval(() => {
  const idle = [...open].filter(({ quietSince }) => performance.now() - quietSince > 500);
  for (const { client } of idle.slice(0, waiting.length)) client.destroy();
}, 50).unref();
await new Promise((resolve) => guard.listen(0, '127.0.0.1', resolve));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM, // of your own; without it, Playwright's
  proxy: { ...CREDENTIALS, server: `{{scheme}}://127.0.0.1:${guard.address().port}` },
});
const urls = URLS.values(); // each worker takes the next one
let failed = 0;

async function worker() {
  for (const url of urls) {
    const started = performance.now();
    const context = await browser.newContext(); // closed with all its connections
    let status, ok;
    try {
      const page = await context.newPage();
      const response = await page.goto(url, { timeout: 60_000 });
      [status, ok] = [response.status(), response.ok()];
    } catch (error) {
      console.error(`${url}: ${error.message}`);
      status = error.message.match(/ERR_\w+/)?.[0] ?? error.name;
    }
    await context.close();
    if (!ok) failed++;
    console.log(`${status} ${((performance.now() - started) / 1000).toFixed(3)}`);
  }
}

await Promise.all(Array.from({ length: Math.min(PAGES, URLS.length) }, worker));
await browser.close();
process.exit(failed > 0 ? 1 : 0);
