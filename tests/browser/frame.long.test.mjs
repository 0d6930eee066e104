// frame.html in the pages of another site: what its address says, how high it is, and what a sandbox takes away.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { serve } from '../../scripts/serve.mjs';
import { root } from '../src/vectors.mjs';
import { open } from './page.mjs';

const CASE = 'arrival-rate=50&response-time=2.5&plan-tiers=50,100,200,500';
/** The listener that the documentation gives to sites with scripts of their own. */
const LISTENER = /```js\n(addEventListener\('message'[^]*?)```/.exec(readFileSync(join(root, 'web/README.md'), 'utf8'))?.[1];

const folder = mkdtempSync(join(tmpdir(), 'proxy-concurrency-host-'));
const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src data:; "
  + "require-trusted-types-for 'script'; trusted-types lit-html";
let page, site, shared;
before(async () => {
  page = await open({ headers: { 'content-security-policy': STRICT } });
  site = await serve(folder);
  shared = await serve(join(root, 'web/dist'), { headers: { 'access-control-allow-origin': '*' } });
});
after(async () => {
  await page?.close();
  await site?.close();
  await shared?.close();
  rmSync(folder, { recursive: true });
});

/** Opens a page of the site with the calculator in an iframe, and goes into it. */
async function embed(query, { sandbox, from = `${page.url}/`, state = 'ready', around = '' } = {}) {
  const attributes = sandbox === undefined ? '' : ` sandbox="${sandbox}"`;
  writeFileSync(join(folder, 'index.html'), `<!doctype html>${around}<script>${LISTENER}</script>
    <iframe src="${from}frame.html?${query.replaceAll('&', '&amp;')}" width="700" height="300"${attributes}></iframe>`);
  await page.driver.switchTo().defaultContent();
  await page.driver.get('about:blank');
  await page.driver.get(site.url);
  await page.driver.switchTo().frame(0);
  if (state) await page.until(`document.querySelector('proxy-concurrency')?.dataset.state === ${JSON.stringify(state)}`, `data-state is ${state}`);
}
const outside = async (script) => {
  await page.driver.switchTo().defaultContent();
  const answer = await page.driver.executeScript(script);
  await page.driver.switchTo().frame(0);
  return answer;
};
const height = () => outside(`return document.querySelector('iframe').getBoundingClientRect().height`);

test('the address presets scenario and options', async () => {
  await embed(`${CASE}&memory=512&theme=dark&locale=en&compact&readonly-plan=false`);
  const { required, plan, scenario } = await page.see();
  assert.deepEqual([required, plan], ['157', '200']);
  assert.deepEqual([scenario.arrivalRate, scenario.planTiers], [50, [50, 100, 200, 500]]);
  const { attributes, scheme, lang } = await page.ask((el) => ({
    attributes: el.getAttributeNames(), scheme: getComputedStyle(el).colorScheme, lang: document.documentElement.lang,
  }));
  for (const name of ['arrival-rate', 'memory', 'theme', 'locale', 'compact']) assert.ok(attributes.includes(name), name);
  assert.ok(!attributes.includes('readonly-plan'));
  assert.deepEqual([scheme, lang], ['dark', 'en']);
});

test('the iframe is as high as the calculator, also after it has changed', async () => {
  await embed(CASE);
  const inside = () => page.ask(() => document.querySelector('main').getBoundingClientRect().height);
  const settled = async () => {
    for (let tries = 0; tries < 100 && Math.abs((await height()) - (await inside())) > 5; tries += 1) await page.settle();
    return height();
  };
  const first = await settled();
  assert.ok(first > 480, `${first} px`);
  await page.ask((el, shadow) => shadow.querySelector('.more').click());
  await page.until(`document.querySelector('main').getBoundingClientRect().height > ${first + 100}`);
  const open = await settled();
  assert.ok(open > first + 100, `${open} px`);
  assert.deepEqual(await page.ask(() => [document.documentElement.scrollHeight <= innerHeight, document.documentElement.scrollWidth <= innerWidth]), [true, true]);
  await page.ask((el, shadow) => shadow.querySelector('.more').click());
  await page.until(`document.querySelector('main').getBoundingClientRect().height < ${open - 100}`);
  assert.ok((await settled()) < open - 100, 'it does not shrink again');
});

test('a hostile address is data', async () => {
  const evil = encodeURIComponent('"><img src=x onerror="parent.hit=1">');
  await embed(`arrival-rate=${evil}&response-time=2.5&onclick=alert(1)&style=color:red&id=x&class=y&data-state=ready&panels=${evil}&theme=${evil}&locale=${evil}`);
  const { texts, errors } = await page.see();
  assert.equal(texts['arrival-rate'], '"><img src=x onerror="parent.hit=1">');
  assert.ok(errors['arrival-rate']);
  const { attributes, images } = await page.ask((el, shadow) => ({ attributes: el.getAttributeNames(), images: document.images.length + shadow.querySelectorAll('img').length }));
  for (const name of ['onclick', 'style', 'id', 'class']) assert.ok(!attributes.includes(name), name);
  assert.equal(images, 0);
});

test('a sandbox with an origin runs it as it is', async () => {
  await embed(CASE, { sandbox: 'allow-scripts allow-same-origin' });
  assert.equal((await page.see()).required, '157');
});

test('a sandbox without an origin needs a server that shares its files', async () => {
  await embed(CASE, { sandbox: 'allow-scripts', state: null });
  await page.until(`getComputedStyle(document.querySelector('main > p')).visibility === 'visible'`);
  // The refusals are what this is about.
  await page.complaints();
  await embed(CASE, { sandbox: 'allow-scripts', from: shared.url });
  assert.equal((await page.see()).required, '157');
  // What a reader types is kept where it can be, and the answer comes in any case.
  // Not by keys: WebKitGTK's driver sends none to a frame without an origin.
  await page.paste('arrival-rate', '80');
  const { required, errors, hash } = await page.see();
  assert.deepEqual([required, errors, hash], ['250', {}, '#arrival-rate=80']);
  assert.ok((await height()) > 480);
});

test('the page holds no script of its own, and nothing in it breaks the strictest policy', async () => {
  await embed(CASE);
  assert.deepEqual(await page.complaints(), []);
  const text = readFileSync(join(root, 'web/dist/frame.html'), 'utf8');
  assert.doesNotMatch(text, /<script(?![^>]*\ssrc=)|\son\w+=|\sstyle=|<style/);
});
