// The folder that a site copies, as `make dist` fills it.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../src/vectors.mjs';

const work = mkdtempSync(join(tmpdir(), 'proxy-concurrency-folder-'));
const folder = join(work, 'dist');
let files;
before(() => {
  execFileSync(join(root, 'scripts/dist'), [folder]);
  files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1)).sort();
});
after(() => rmSync(work, { recursive: true }));
const read = (file) => readFileSync(join(folder, file), 'utf8');
const scripts = () => files.filter((file) => file.endsWith('.js'));

test('its top shows one script and one WebAssembly', () => {
  assert.deepEqual(files.filter((file) => !file.startsWith('parts/')), [
    'LICENSE-APACHE', 'LICENSE-MIT', 'LICENSES-THIRD-PARTY.txt', 'SHA256SUMS', 'frame.html', 'integrity.json', 'proxy-concurrency.js',
    'proxy_concurrency_bg.wasm',
  ]);
});

test('every script finds what it asks for beside itself, and nothing lies there that no one asks for', () => {
  const reached = new Set(['proxy-concurrency.js', ...[...read('frame.html').matchAll(/(?:src|href)="([\w./-]+)"/g)].map(([, address]) => address)]);
  for (const file of reached) {
    assert.ok(existsSync(join(folder, file)), `${file} is missing`);
    if (!file.endsWith('.js')) continue;
    const asked = [
      ...read(file).matchAll(/(?:\bfrom|\bimport|\bimport\()\s*["'](\.[^"']+)["']/g),
      ...read(file).matchAll(/new URL\(["']([^"']+)["'],\s*import\.meta\.url\)/g),
    ];
    for (const [, address] of asked) reached.add(join(dirname(file), address));
  }
  assert.deepEqual(files.filter((file) => file.startsWith('parts/') && !reached.has(file)), []);
  assert.ok(scripts().length > 8 && files.filter((file) => file.endsWith('.wasm')).length === 4);
});

test('the checksums hold for every file, and notice a changed one', () => {
  const check = () => spawnSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' });
  const { status, stdout } = check();
  assert.equal(status, 0, stdout);
  assert.deepEqual(stdout.trim().split('\n').map((line) => line.replace(/: OK$/, '')).sort(), files.filter((file) => !/^(SHA256SUMS|integrity\.json)$/.test(file)));
  appendFileSync(join(folder, 'frame.html'), ' ');
  assert.notEqual(check().status, 0);
});

test('integrity.json has the hash of each script and module', () => {
  const integrity = JSON.parse(read('integrity.json'));
  assert.deepEqual(Object.keys(integrity).sort(), files.filter((file) => /\.(js|wasm)$/.test(file)));
  for (const [file, hash] of Object.entries(integrity)) {
    assert.equal(hash, `sha384-${createHash('sha384').update(readFileSync(join(folder, file))).digest('base64')}`, file);
  }
});

test('no file knows the machine that it was built on, and scripts are small', () => {
  for (const file of files) {
    const bytes = readFileSync(join(folder, file));
    for (const place of [root, `${process.env.HOME}/`, '.cargo/']) assert.ok(!bytes.includes(place), `${file} names ${place}`);
  }
  for (const file of scripts()) assert.ok(!/\n {2,}\S/.test(read(file)), `${file} is not minified`);
});
