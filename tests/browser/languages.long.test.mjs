// Words in the language of the widget's place, loaded when it is spoken; and no word outside the messages.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { serve } from '../../scripts/serve.mjs';
import { FIRST, elements, languages, parsed, read } from '../../web/messages/compile.mjs';
import { wordsWith } from '../../web/messages/plugin.mjs';
import { build } from '../../web/node_modules/esbuild/lib/main.js';
import { root } from '../src/vectors.mjs';
import { browser, open } from './page.mjs';
import { site } from './site.mjs';

const PLAIN = { 'arrival-rate': '50', 'response-time': '2.5', 'response-time-p95': '8', 'plan-tiers': '50, 100, 200' };
const OTHERS = languages().filter((tag) => tag !== 'en');

let page;
before(async () => (page = await open()));
after(() => page?.close());
beforeEach(() => page.load());
afterEach(async () => assert.deepEqual(await page.complaints(), []));

/** What the card says of itself, and its first words. */
const card = () => page.ask((el, shadow) => {
  const card = shadow.querySelector('.card');
  return {
    lang: card.lang, dir: card.dir, heading: shadow.querySelector('.answer h3').textContent, reset: shadow.querySelector('footer').innerText,
    tabs: [...shadow.querySelectorAll('[role=tab]')].map((tab) => tab.textContent), required: shadow.querySelector('[data-required]').textContent,
  };
});
/** Numbers as the browser writes them: its data is not that of Node.js. */
const written = (numbers, locale, options = {}) => page.ask((el, shadow, numbers, locale, options) => numbers.map((x) => new Intl.NumberFormat(locale, options).format(x)), numbers, locale, options);
const speaks = (tag) => page.until(`document.querySelector('proxy-concurrency').shadowRoot?.querySelector('.card')?.lang === '${tag}'`, `the card speaks ${tag}`);

test('each language is spoken in whole, and no other one is loaded', async () => {
  for (const tag of OTHERS) {
    await page.load();
    await page.fresh({ ...PLAIN, locale: tag });
    const words = read(tag);
    const { lang, dir, heading, tabs } = await card();
    assert.deepEqual([lang, dir, heading, tabs], [tag, words.element.direction, words.answer.heading, Object.values(words.element.panels)], tag);
    const loaded = (await page.requests()).filter((path) => OTHERS.some((other) => path.includes(`/${other}-`)));
    assert.ok(loaded.length >= 1 && loaded.every((path) => path.includes(`/${tag}-`)), loaded.join(' '));
    // Digits and marks are the locale's.
    const [required] = await written([157], tag);
    assert.equal((await card()).required, required, tag);
  }
});

test('a page in English loads no language', async () => {
  assert.deepEqual((await page.requests()).filter((path) => /\/language-|\/(de|fr|es|ja|zh|ar)[-.]/.test(path)), []);
});

test('the nearest lang decides, through shadow roots too, and locale stands above it', async () => {
  const [first, second] = OTHERS;
  const langOf = async (arrange) => {
    await page.load();
    await page.driver.executeScript(`
      const el = document.createElement('proxy-concurrency');
      (${arrange})(el, document.querySelector('figure') ?? document.body, ${JSON.stringify([first, second])});`);
    await page.until(`(function all(root) { return [...root.querySelectorAll('*')].flatMap((e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]); })(document)
      .filter((e) => e.localName === 'proxy-concurrency').at(-1).dataset.state === 'ready'`, 'the second widget is ready');
    return page.ask(() => {
      const all = (root) => [...root.querySelectorAll('*')].flatMap((e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);
      return all(document).filter((e) => e.localName === 'proxy-concurrency').at(-1).shadowRoot.querySelector('.card').lang;
    });
  };
  assert.equal(await langOf((el, place, [tag]) => { place.lang = tag; place.replaceChildren(el); }), first);
  assert.equal(await langOf((el, place, [tag, other]) => { place.lang = tag; el.lang = other; place.replaceChildren(el); }), second);
  assert.equal(await langOf((el, place, [tag, other]) => { el.lang = tag; el.setAttribute('locale', other); place.replaceChildren(el); }), second);
  assert.equal(await langOf((el, place, [tag]) => {
    const host = document.createElement('div');
    host.lang = tag;
    host.attachShadow({ mode: 'open' }).append(el);
    place.replaceChildren(host);
  }), first);
  assert.equal(await langOf((el, place) => { place.lang = 'x'; place.replaceChildren(el); }), 'en');
});

test('a region gets its language, and what has no words of its own gets English with its own numbers', async () => {
  const known = { 'de-AT': 'de', 'fr-CA': 'fr', 'es-419': 'es', zh: 'zh-Hans', 'zh-CN': 'zh-Hans', 'zh-Hans-SG': 'zh-Hans', 'ar-EG': 'ar', 'ja-JP': 'ja' };
  for (const [locale, tag] of Object.entries(known).filter(([, tag]) => OTHERS.includes(tag))) {
    await page.fresh({ ...PLAIN, locale });
    assert.equal((await card()).lang, tag, locale);
  }
  for (const locale of ['zh-TW', 'zh-Hant', 'pt', 'fa', 'tlh', 'nonsense']) {
    await page.fresh({ ...PLAIN, 'arrival-rate': '500', locale });
    const { lang, dir, heading, required } = await card();
    assert.deepEqual([lang, dir, heading], ['en', 'ltr', 'You need'], locale);
    assert.deepEqual([required], await written([1563], [locale, 'en']), locale);
  }
});

test('another language while it stands there: new words, what was typed stays and means the same', async () => {
  await page.fresh(PLAIN);
  await page.type('response-time', '2.125');
  await page.type('arrival-rate', '1,234');
  await page.type('plan-tiers', 'large');
  const before = await page.see();
  for (const tag of OTHERS) {
    await page.ask((el, shadow, tag) => el.setAttribute('locale', tag), tag);
    await speaks(tag);
    const seen = await page.see();
    assert.deepEqual(seen.scenario, before.scenario, tag);
    assert.equal(seen.texts['plan-tiers'], 'large', tag);
    assert.equal(seen.errors['plan-tiers'], read(tag).refusals.told['must be a list of plan sizes such as 50, 100, 200, each with or without a price'], tag);
  }
  await page.ask((el) => { el.removeAttribute('locale'); });
  await speaks('en');
  assert.deepEqual((await page.see()).scenario, before.scenario);
  await page.ask((el, shadow, tag) => { document.documentElement.lang = tag; }, OTHERS[0]);
  await speaks(OTHERS[0]);
});

test('what a language prints can be typed', async () => {
  for (const tag of OTHERS) {
    await page.fresh({ ...PLAIN, locale: tag });
    const [rate, time, ms, min, s] = await written([1234.5, 1.5, 180, 2, 2.5], tag);
    const [share] = await written([0.35], tag, { style: 'percent' });
    const { units } = read(tag);
    for (const [name, field, typed, value] of [
      ['arrival-rate', 'arrivalRate', rate, 1234.5], ['response-time', 'responseTime', time, 1.5],
      ['response-time', 'responseTime', `${ms} ${units.ms}`, 0.18], ['response-time', 'responseTime', `${min} ${units.min}`, 120],
      ['response-time', 'responseTime', `${s} ${units.s}`, 2.5],
      ['headroom', 'headroom', share, 0.35],
    ]) {
      await page.paste(name, typed);
      const { scenario, errors } = await page.see();
      assert.deepEqual([scenario[field], errors], [value, {}], `${tag}: ${typed}`);
    }
  }
});

test('two widgets on one page speak two languages', async () => {
  const [tag] = OTHERS;
  const first = await card();
  await page.ask((el) => { el.id = 'first'; });
  await page.driver.executeScript(`
    const el = document.createElement('proxy-concurrency');
    el.setAttribute('locale', arguments[0]);
    el.id = 'second';
    // Above the first, where it is near the viewport.
    document.body.prepend(el);`, tag);
  await page.until(`document.querySelector('#second').dataset.state === 'ready'`);
  assert.equal(await page.ask(() => document.querySelector('#second').shadowRoot.querySelector('.answer h3').textContent), read(tag).answer.heading);
  const { heading, lang } = await page.ask(() => {
    const { shadowRoot } = document.querySelector('#first');
    return { heading: shadowRoot.querySelector('.answer h3').textContent, lang: shadowRoot.querySelector('.card').lang };
  });
  assert.deepEqual([heading, lang], [first.heading, 'en']);
});

test('a language that cannot be loaded is English, and one warning on the console', async () => {
  const [tag] = OTHERS;
  const folder = mkdtempSync(join(tmpdir(), 'proxy-concurrency-english-'));
  cpSync(join(root, 'web/dist'), folder, { recursive: true, filter: (path) => !basename(path).startsWith(`${tag}-`) });
  const served = site(folder, { recorded: browser === 'webkit' });
  const server = await serve(served.folder, { port: 0 });
  try {
    await page.driver.get(`${server.url.replace(/\/$/, '')}/`);
    await page.until(`document.querySelector('proxy-concurrency')?.dataset.state === 'ready'`);
    await page.complaints({ left: true });
    await page.fresh({ ...PLAIN, locale: tag });
    const { lang, heading, required } = await card();
    assert.deepEqual([lang, heading, required], ['en', 'You need', (await written([157], tag))[0]]);
    const warnings = (await page.complaints({ left: true })).filter((line) => line.includes('proxy-concurrency:'));
    assert.equal(warnings.length, 1, warnings.join('\n'));
  } finally {
    await server.close();
    served.remove();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A text in letters that no one types: what stands in plain ones comes from elsewhere. */
const PSEUDO = Object.fromEntries([...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => [letter, letter === letter.toLowerCase()
  ? String.fromCodePoint(0x1d51e + letter.codePointAt(0) - 97) : String.fromCodePoint(0x1d56c + letter.codePointAt(0) - 65)]));
const disguised = (text) => text.replace(/[A-Za-z]/g, (letter) => PSEUDO[letter]);

/** A message with all its words in disguise; placeholders, tags and plurals as they are. */
function pseudo(message) {
  const write = (parts) => parts.map(({ type, value, options, children, ...rest }) => {
    switch (type) {
      case 0: return disguised(value).replace(/[{}]/g, "'$&'");
      case 1: return `{${value}}`;
      case 5: return `{${value}, select, ${Object.entries(options).map(([key, { value: parts }]) => `${key} {${write(parts)}}`).join(' ')}}`;
      case 6: return `{${value}, plural, ${Object.entries(options).map(([key, { value: parts }]) => `${key} {${write(parts)}}`).join(' ')}}`;
      case 7: return '#';
      case 8: return `<${value}>${write(children)}</${value}>`;
      default: throw new Error(`type ${type} ${JSON.stringify(rest)}`);
    }
  }).join('');
  return write(parsed(message));
}
const mapped = (tree) => Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, typeof value === 'string' ? pseudo(value) : mapped(value)]));

test('no word that a reader sees stands outside the messages', async () => {
  const messages = mapped(read('en'));
  messages.element.direction = 'ltr';
  assert.ok([...elements(parsed(messages.answer.plan))].length > 3 && FIRST.length > 0);
  const folder = mkdtempSync(join(tmpdir(), 'proxy-concurrency-pseudo-'));
  cpSync(join(root, 'web/dist'), folder, { recursive: true });
  await build({
    entryPoints: { 'proxy-concurrency': join(root, 'web/src/define.ts') }, outdir: folder, chunkNames: 'parts/[name]-[hash]', splitting: true,
    bundle: true, format: 'esm', target: ['es2022'], conditions: ['production'], plugins: [wordsWith({ qps: messages })], logLevel: 'error',
  });
  const server = await serve(folder, { port: 0 });
  const own = page.url;
  try {
    page.url = server.url.replace(/\/$/, '');
    await page.load();
    await page.fresh({
      ...PLAIN, 'plan-tiers': '50 at 19, 100 at 29, 200 at 49', 'inner-http': '2', credentials: '2', 'response-size': '200', 'over-limit': 'queue',
      'requests-per-ip': '3', 'reduced-after-traffic': '100', locale: 'qps',
    });
    await speaks('qps');
    const found = {};
    const look = async (what) => {
      const plain = await page.ask((el, shadow) => {
        // Programs, their names and their own words, which are the same in every language.
        const apart = (e) => e && (e.matches('code, pre, .clients, .sources, .pasted, textarea') || apart(e.parentElement));
        const walker = document.createTreeWalker(shadow.querySelector('.card'), NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
        const texts = [];
        while (walker.nextNode()) {
          const node = walker.currentNode;
          if (node.nodeType === Node.TEXT_NODE) {
            if (!apart(node.parentElement)) texts.push(node.data);
          } else if (!apart(node)) {
            for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext', 'alt']) texts.push(node.getAttribute(name) ?? '');
          }
        }
        return texts.filter((text) => /[A-Za-z]{2}/.test(text)).map((text) => text.trim());
      });
      for (const text of plain) found[text] ??= what;
    };
    await look('first answer');
    for (const name of Object.keys(read('en').element.panels)) {
      await page.show(name);
      if (name === 'probe') await page.paste('text', '200 1.01\n503 0.01\n'.repeat(8));
      await look(name);
    }
    await page.paste('arrival-rate', 'x'.repeat(3));
    await page.paste('headroom', '-1');
    await page.paste('retries', '1.5');
    await page.paste('cap', '0');
    await page.paste('plan-tiers', '1.5');
    await look('refusals');
    // Names of protocols, percentiles, files and settings, an address to show the form of one, and what was typed.
    const names = /HTTP\/[12](\.\d)?|\bp9[59]\b|\bfetch\.py\b|\bpool_(maxsize|block)\b|http:\/\/user:pass@proxy\.example:8080|“xxx”/g;
    assert.deepEqual(Object.fromEntries(Object.entries(found).filter(([text]) => /[A-Za-z]{2}/.test(text.replace(names, '')))), {});
  } finally {
    page.url = own;
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
