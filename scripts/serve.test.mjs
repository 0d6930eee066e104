import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { serve } from './serve.mjs';

const folder = mkdtempSync(join(tmpdir(), 'serve-'));
const root = join(folder, 'root');
let server;

before(async () => {
  mkdirSync(join(root, 'sub'), { recursive: true });
  writeFileSync(join(root, 'index.html'), '<!doctype html>');
  writeFileSync(join(root, 'a.wasm'), '\0asm');
  writeFileSync(join(root, 'a.js'), '');
  writeFileSync(join(root, 'sub/index.html'), 'sub');
  writeFileSync(join(folder, 'secret'), 'secret');
  mkdirSync(join(folder, 'root-beside'));
  writeFileSync(join(folder, 'root-beside/secret'), 'secret');
  symlinkSync(join(folder, 'secret'), join(root, 'link'));
  server = await serve(root, { headers: { 'x-test': 'yes' } });
});
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

// Not `fetch`, which would tidy the path up before it is sent.
const get = (path, method = 'GET') =>
  new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: server.port, path, method }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    }).on('error', reject).end();
  });

test('each file has its own type, and the headers that were asked for', async () => {
  for (const [path, type] of [
    ['/', 'text/html; charset=utf-8'], ['/a.js?v=1', 'text/javascript; charset=utf-8'], ['/a.wasm', 'application/wasm'],
  ]) {
    const { status, headers } = await get(path);
    assert.deepEqual([status, headers['content-type'], headers['x-test']], [200, type, 'yes'], path);
  }
});

test('HEAD has a length and no body, other methods are refused', async () => {
  const { status, headers, body } = await get('/a.wasm', 'HEAD');
  assert.deepEqual([status, headers['content-length'], body], [200, '4', '']);
  assert.equal((await get('/', 'POST')).status, 405);
});

test('a folder has its index.html, by the name with a slash', async () => {
  const { status, headers } = await get('/sub');
  assert.deepEqual([status, headers.location], [308, '/sub/']);
  assert.equal((await get('/sub/')).body, 'sub');
  assert.equal((await get('//sub')).headers.location, '/sub/', 'never to another host');
});

test('nothing outside the folder is served', async () => {
  for (const path of [
    '/../secret', '/sub/../../secret', '/..%2fsecret', '/%2e%2e/secret', '/..%5csecret', '/../root-beside/secret', '/link',
    '/%00', '/%', '/%ff', 'http://other/../secret',
  ]) {
    const { status, body } = await get(path);
    assert.ok([400, 403, 404].includes(status), `${path}: ${status}`);
    assert.doesNotMatch(body, /secret/, path);
  }
});

test('a port that is taken gives way to the next, or is an error', async () => {
  const second = await serve(root, { port: server.port, next: true });
  assert.ok(second.port > server.port);
  await second.close();
  await assert.rejects(serve(root, { port: server.port }), { code: 'EADDRINUSE' });
});
