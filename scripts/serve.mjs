// Serves a folder on 127.0.0.1, for the page on one's own machine and for the browser tests.
//
//   node scripts/serve.mjs [folder]     PORT=8080 by default, the next free one where it is taken
//   import { serve } from '…/scripts/serve.mjs'; const { url, close } = await serve(folder, { port: 0 });
import { createReadStream, realpathSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** The file that a request's target names, or the status that refuses it. Nothing outside `root` is ever a file. */
async function find(root, target) {
  let path;
  try {
    path = decodeURIComponent(target.split(/[?#]/, 1)[0]);
  } catch {
    return { status: 400 };
  }
  if (!path.startsWith('/') || path.includes('\0')) return { status: 400 };
  try {
    let file = await realpath(join(root, path));
    if (file !== root && !file.startsWith(root + sep)) return { status: 403 };
    let found = await stat(file);
    if (found.isDirectory()) {
      if (!path.endsWith('/')) return { status: 308, location: `${path.replace(/^\/+/, '/')}/` };
      file = await realpath(join(file, 'index.html'));
      if (!file.startsWith(root + sep)) return { status: 403 };
      found = await stat(file);
    }
    return found.isFile() ? { status: 200, file, size: found.size } : { status: 404 };
  } catch {
    return { status: 404 };
  }
}

/**
 * Serves `folder` on 127.0.0.1. `port` 0 is any free one; with `next`, a port that is taken gives way to the one after
 * it. `headers` go with every answer, for instance a content security policy.
 */
export async function serve(folder, { port = 0, next = false, headers = {} } = {}) {
  const root = realpathSync(folder);
  const server = createServer(async (request, response) => {
    const answer = (status, more = {}, text = '') => {
      response.writeHead(status, { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff', ...headers, ...more });
      response.end(text);
    };
    const plain = (status, more = {}) => answer(status, { 'content-type': TYPES['.txt'], ...more }, `${status}\n`);
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, { allow: 'GET, HEAD' });
    const { status, file, size, location } = await find(root, request.url);
    if (status === 308) return plain(status, { location: encodeURI(location) });
    if (status !== 200) return plain(status);
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    if (request.method === 'HEAD') return answer(200, { 'content-type': type, 'content-length': size });
    response.writeHead(200, {
      'cache-control': 'no-cache', 'x-content-type-options': 'nosniff', ...headers, 'content-type': type, 'content-length': size,
    });
    createReadStream(file).on('error', () => response.destroy()).pipe(response);
  });
  const listen = (at) =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(at, '127.0.0.1', () => resolve(server.removeListener('error', reject)));
    });
  for (let at = port; ; at += 1) {
    try {
      await listen(at);
      break;
    } catch (error) {
      if (!next || error.code !== 'EADDRINUSE' || at >= 65535) throw error;
    }
  }
  const taken = server.address().port;
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${taken}/`, port: taken, close };
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? fileURLToPath(new URL('../web/dist', import.meta.url));
  const asked = process.env.PORT || '8080';
  const port = Number(asked);
  if (!/^\d+$/.test(asked) || port > 65535) {
    console.error(`PORT=${asked} is no port: a whole number from 0 to 65535`);
    process.exit(1);
  }
  const { url, port: taken } = await serve(folder, { port, next: true });
  if (port !== 0 && taken !== port) console.log(`port ${port} is taken`);
  console.log(`proxy-concurrency: ${url}   (Ctrl-C ends it)`);
}
