// The hashes of `make dist`, as the documentation has them stand on a page: what they cover is taken as it is, or not at all.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../src/vectors.mjs';
import { open } from './page.mjs';

const folder = mkdtempSync(join(tmpdir(), 'proxy-concurrency-integrity-'));
const files = join(folder, 'proxy-concurrency');
let page;
before(async () => {
  execFileSync(join(root, 'scripts/dist'), [files]);
  // The command that the documentation gives.
  const [, command] = /```sh\n(node -p 'const files[^]*?)\n```/.exec(readFileSync(join(root, 'web/README.md'), 'utf8'));
  const map = execFileSync('sh', ['-c', command], { cwd: files, encoding: 'utf8' }).trim();
  const entry = JSON.parse(readFileSync(join(files, 'integrity.json'), 'utf8'))['proxy-concurrency.js'];
  const write = (name, map, entry) => writeFileSync(join(folder, name), `<!doctype html><html lang="en"><head><title>Page</title>
    <link rel="icon" href="data:,"><script type="importmap">${map}</script>
    <script type="module" src="/proxy-concurrency/proxy-concurrency.js" integrity="${entry}" crossorigin="anonymous"></script></head>
    <body><proxy-concurrency arrival-rate="50" response-time="2.5"></proxy-concurrency></body></html>`);
  write('index.html', map, entry);
  write('part.html', map.replace(/(parts\/limits-\w+\.js":"sha384-)..../, '$1AAAA'), entry);
  write('entry.html', map, entry.replace(/-..../, '-AAAA'));
  page = await open({ folder });
});
after(async () => {
  await page?.close();
  rmSync(folder, { recursive: true });
});
test('with the right hashes everything loads', async () => {
  await page.load();
  await page.show('limits');
  await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#panel table')`);
  assert.deepEqual(await page.complaints(), []);
});

test('a part with another hash is not taken, and the rest works', async () => {
  await page.load('/part.html');
  await page.ask((el, shadow) => shadow.querySelector('#tab-limits').click());
  await page.until(`/could not be loaded/.test(document.querySelector('proxy-concurrency').shadowRoot.querySelector('#panel').textContent)`);
  assert.equal((await page.see()).required, '157');
  await page.complaints();
});

test('a script with another hash is not taken', async () => {
  await page.driver.get(`${page.url}/entry.html`);
  await page.until(`document.readyState === 'complete'`);
  assert.equal(await page.ask(() => customElements.get('proxy-concurrency') === undefined), true);
});
