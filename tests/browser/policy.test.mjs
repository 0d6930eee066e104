// A strict security policy, and what an address or an attribute brings: it is data, whatever it says.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../src/vectors.mjs';
import { open } from './page.mjs';
import { PANELS } from './states.mjs';

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'";
// The shipped page has an empty icon as a data: address, which is the page's and not the element's.
const HTML = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Strict</title>
<link rel="icon" href="icon.svg"><script type="module" src="proxy-concurrency.js"></script></head>
<body><proxy-concurrency arrival-rate="50" response-time="2.5" response-time-p95="8" plan-tiers="50, 100, 200"><p>157 connections.</p></proxy-concurrency></body></html>`;

/** With one policy: all that there is to open is opened, and nothing is refused. */
async function everything(policy) {
  const page = await open({ headers: { 'content-security-policy': `${policy}; img-src 'self'` }, html: HTML });
  try {
    await page.load('/#arrival-rate=60');
    await page.complaints();
    assert.equal((await page.see()).required, '188');
    await page.ask((el, shadow) => shadow.querySelector('.more').click());
    await page.type('response-time', 'fast');
    await page.type('response-time', '2.5');
    for (const name of PANELS) await page.show(name);
    await page.paste('text', '200 1.01\n503 0.01\n'.repeat(8));
    await page.ask((el, shadow) => shadow.querySelectorAll('footer button').forEach((button) => button.click()));
    await page.settle();
    const refused = (await page.complaints()).filter((said) => /polic|Trusted|refused/i.test(said));
    assert.deepEqual(refused, []);
    // What would be refused is heard.
    await page.ask(() => {
      const style = document.createElement('style');
      style.textContent = 'p { color: red }';
      document.head.append(style);
    });
    await page.settle();
    assert.ok((await page.complaints()).some((said) => /style-src/.test(said)), 'a refusal would not be noticed');
  } finally {
    await page.close();
  }
}

test('it works under a strict policy', () => everything(POLICY));
test('with trusted types required as well, Lit’s and the one for the Worker’s address', () => everything(`${POLICY}; require-trusted-types-for 'script'; trusted-types lit-html proxy-concurrency`));

test('a script from another place, or written into the page, would not run there', async () => {
  const page = await open({ headers: { 'content-security-policy': POLICY }, html: HTML.replace('</body>', '<script>window.ran = true</script></body>') });
  try {
    await page.load();
    assert.equal(await page.ask(() => window.ran ?? null), null);
  } finally {
    await page.close();
  }
});

test('no source makes code or markup of a text', () => {
  const read = (folder, ending) => readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(ending)).map((name) => [name, readFileSync(join(root, folder, name), 'utf8')]);
  const NEVER = /\beval\(|new Function\b|document\.write|insertAdjacentHTML|outerHTML|unsafeHTML|unsafe-html|\bjavascript:|createContextualFragment|\bsrcdoc\b|set(Timeout|Interval)\(\s*["'`]/;
  const INLINE = /<[^>]*\son[a-z]+=|<[^>]*\sstyle=|<style/;
  const sources = read('web/src', '.ts');
  const built = read('web/dist', '.js');
  assert.ok(sources.length > 20 && built.length > 5);
  for (const [name, text] of sources) assert.doesNotMatch(text.replace(/\/\*[^]*?\*\//g, ''), new RegExp(`${NEVER.source}|${INLINE.source}|innerHTML`), name);
  for (const [name, text] of built) assert.doesNotMatch(text, NEVER, name);
  // Lit's: it makes a template of what stands in this source. The builder's page has one of its own.
  assert.deepEqual(built.flatMap(([name, text]) => (text.match(/\binnerHTML\b/g) ?? []).map(() => name)).sort(), ['builder.js', 'proxy-concurrency.js']);
});

const HOSTILE = {
  markup: '<img src=x onerror="window.ran=1">', script: '"><script>window.ran=1</script>', address: 'javascript:window.ran=1',
  template: '${window.ran=1}{{window.ran=1}}', proto: '__proto__', long: 'x'.repeat(100_000), bidi: '\u202e05\u2066\u200f', nul: '5\u0000\uffff', style: 'expression(window.ran=1);color:red',
};

let page;
before(async () => (page = await open()));
after(() => page?.close());

/** Nothing ran, nothing was made of it, and no prototype has changed. */
async function untouched(what) {
  const seen = await page.ask((el, shadow) => ({
    ran: window.ran ?? null, made: [...shadow.querySelectorAll('img, script, iframe, object, embed, [onerror], [style]')].map((e) => e.outerHTML.slice(0, 80)),
    own: [...Object.keys(Object.prototype), ...Object.keys(Array.prototype)], foreign: performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => !name.startsWith(location.origin)),
  }));
  assert.deepEqual(seen, { ran: null, made: [], own: [], foreign: [] }, what);
}

test('what the address says is text, refused beside its field as it was typed', async () => {
  for (const [what, text] of Object.entries(HOSTILE)) {
    await page.load(`/#section-2&arrival-rate=${encodeURIComponent(text)}&route=${encodeURIComponent(text.slice(0, 2000))}&x=1`);
    await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('[data-error=arrival-rate]').textContent`);
    let seen = await page.see();
    // What a field cannot hold, line ends for one, it drops.
    assert.equal(seen.texts['arrival-rate'], text, what);
    assert.deepEqual(Object.keys(seen.errors).sort(), ['arrival-rate', 'route'], what);
    assert.ok(Object.values(seen.errors).every((said) => said.length < 400), what);
    await untouched(what);
    await page.type('arrival-rate', '60');
    await page.choose('route', 'tunnel');
    seen = await page.see();
    assert.deepEqual([seen.required, seen.errors], ['188', {}], what);
    assert.match(seen.hash, /^#section-2&x=1&/, what);
  }
});

test('what is no address of ours is left as it is', async () => {
  for (const hash of ['%E0%A4%A', '%', '&&&=&', '=5', '__proto__=1&constructor=2&prototype=3&toString=4&hasOwnProperty=5', 'arrival-rate[__proto__][x]=1', '<img src=x onerror=window.ran=1>', '/route/?a=b', ':~:text=x']) {
    await page.load(`/#${hash}`);
    const before = await page.ask(() => location.hash.slice(1));
    const seen = await page.see();
    assert.deepEqual([seen.required, seen.errors], ['157', {}], hash);
    await page.type('arrival-rate', '60');
    const after = await page.ask(() => location.hash.slice(1));
    assert.equal(after, [...before.split('&').filter(Boolean), 'arrival-rate=60'].join('&'), hash);
    await untouched(hash);
  }
});

test('what an attribute says is text', async () => {
  await page.load();
  for (const [what, text] of Object.entries(HOSTILE)) {
    const attributes = ['arrival-rate', 'plan-tiers', 'route', 'theme', 'panels', 'locale', 'id', 'compact', 'readonly-plan'];
    await page.fresh({ ...Object.fromEntries(attributes.map((name) => [name, text])), 'response-time': '2.5' }, text.slice(0, 40));
    await page.until(`document.querySelector('proxy-concurrency').dataset.state === 'ready'`);
    const { errors, texts } = await page.see();
    if ('arrival-rate' in texts) assert.equal(texts['arrival-rate'], text, what);
    assert.ok(errors['arrival-rate'] || errors['plan-tiers'], `${what} ${JSON.stringify(errors).slice(0, 200)}`);
    await untouched(what);
  }
  const asked = await page.requests();
  assert.deepEqual(asked.filter((path) => !/^\/(parts\/)?[\w-]+\.(js|wasm|css)$/.test(path)), []);
});
