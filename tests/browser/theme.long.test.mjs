// Light or dark, as the site is: by what each documentation generator switches, while the page is open.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { open, UNTOLD } from './page.mjs';

let page;
before(async () => (page = await open()));
after(() => page?.close());
afterEach(async () => assert.deepEqual(await page.complaints(), []));

/** What a site's own style sheet says, and what its switch does; `dark` and `light` are run in the page. */
const SITES = {
  'mdBook': {
    css: 'html { color: #333; background: #fff } html.light { color-scheme: light } html.navy { color-scheme: dark; color: #bcbdd0; background: #161923 }',
    light: "document.documentElement.className = 'light js'",
    dark: "document.documentElement.className = 'navy js'",
  },
  'Material for MkDocs': {
    css: 'body { color: #000000de; background: #fff } [data-md-color-scheme=slate] { color-scheme: dark; color: hsl(225 15% 90% / .82); background: hsl(225 15% 14%) }',
    light: "document.body.dataset.mdColorScheme = 'default'",
    dark: "document.body.dataset.mdColorScheme = 'slate'",
  },
  // No color-scheme at all.
  'Furo': {
    css: 'body { color: #000; background: #fff } body[data-theme=dark] { color: #ced3de; background: #131416 }',
    light: "document.body.dataset.theme = 'light'",
    dark: "document.body.dataset.theme = 'dark'",
  },
  'Furo, in newer notation': {
    css: 'body { color: oklch(0.2 0 0) } body[data-theme=dark] { color: oklch(0.9 0.01 250) }',
    light: "document.body.dataset.theme = 'light'",
    dark: "document.body.dataset.theme = 'dark'",
  },
  'Furo, fading over': {
    css: 'body { color: #000; transition: color 120ms } body[data-theme=dark] { color: #ced3de }',
    light: "document.body.dataset.theme = 'light'",
    dark: "document.body.dataset.theme = 'dark'",
  },
  'Docusaurus and Starlight': {
    css: 'html { color-scheme: light; color: #1c1e21 } html[data-theme=dark] { color-scheme: dark; color: #e3e3e3 }',
    light: "document.documentElement.dataset.theme = 'light'",
    dark: "document.documentElement.dataset.theme = 'dark'",
  },
  'VitePress': {
    css: 'html { color: #3c3c43 } html.dark { color-scheme: dark; color: #dfdfd6 }',
    light: "document.documentElement.classList.remove('dark')",
    dark: "document.documentElement.classList.add('dark')",
  },
  'color-scheme alone': {
    css: '',
    light: "document.documentElement.style.colorScheme = 'light'",
    dark: "document.documentElement.style.colorScheme = 'dark'",
  },
};

/** The page with a site's style in place of its own. */
async function site(css) {
  await page.load();
  await page.driver.executeScript(
    `document.querySelector('link[rel=stylesheet]').disabled = true;
     document.querySelector('meta[name=color-scheme]').remove();
     const sheet = new CSSStyleSheet();
     sheet.replaceSync(arguments[0]);
     document.adoptedStyleSheets = [sheet];`, css,
  );
}

const GROUND = `getComputedStyle(document.querySelector('proxy-concurrency').shadowRoot.querySelector('.card')).backgroundColor`;
const LIGHT = 'rgb(255, 255, 255)';
const DARK = 'rgb(17, 25, 33)';
const shows = (ground, what) => page.until(`${GROUND} === ${JSON.stringify(ground)}`, what);

const system = (scheme) => page.media({ scheme });

for (const [name, { css, light, dark }] of Object.entries(SITES)) {
  test(`${name}: the element follows its switch`, async () => {
    await site(css);
    for (const [how, ground] of [[light, LIGHT], [dark, DARK], [light, LIGHT]]) {
      await page.driver.executeScript(how);
      await shows(ground, `${how} → ${ground}`);
    }
  });
}

test('where the site follows the system, so does the element', { skip: UNTOLD }, async () => {
  await page.load();
  for (const [value, ground] of [['light', LIGHT], ['dark', DARK], ['light', LIGHT]]) {
    await system(value);
    await shows(ground, value);
  }
});

test('a dark system leaves a light site’s element light', { skip: UNTOLD }, async () => {
  await site('html { color: #222; background: #fff }');
  await system('dark');
  await page.ask(() => { document.body.className = 'any'; });
  await page.settle();
  assert.equal(await page.driver.executeScript(`return ${GROUND}`), LIGHT);
  await system('light');
});

test('the attribute and the property stand above the site', async () => {
  await site(SITES['Docusaurus and Starlight'].css);
  await page.ask((el) => el.setAttribute('theme', 'dark'));
  await shows(DARK, 'theme="dark"');
  await page.ask((el) => { el.theme = 'light'; });
  await page.driver.executeScript(SITES['Docusaurus and Starlight'].dark);
  await shows(LIGHT, 'theme = "light"');
  assert.equal(await page.ask((el) => el.getAttribute('theme')), 'light');
  await page.ask((el) => { el.theme = 'auto'; });
  await shows(DARK, 'theme = "auto"');
  await page.ask((el) => { el.theme = null; });
  assert.deepEqual(await page.ask((el) => [el.hasAttribute('theme'), el.theme]), [false, 'auto']);
});

test('an element in a dark part of a light page is dark', async () => {
  await site('html { color: #222 } .night { color: #eee; background: #000 }');
  await page.ask((el) => {
    const night = document.createElement('div');
    night.className = 'night';
    el.before(night);
    night.append(el);
  });
  await shows(DARK, 'dark inside .night');
});

test('the body may be another one after a navigation', async () => {
  await site(SITES.Furo.css);
  await page.ask((el) => {
    const body = document.createElement('body');
    body.append(el);
    document.body.replaceWith(body);
    return null;
  });
  await page.driver.executeScript(SITES.Furo.dark);
  await shows(DARK, 'the new body’s switch');
});

test('what the page wrote on the element stays as it was', async () => {
  await page.fresh({ 'arrival-rate': '50', 'response-time': '2', class: 'mine', style: 'margin: 1px', title: 'x' });
  await page.ask((el) => { el.theme = 'dark'; });
  await shows(DARK, 'dark');
  assert.deepEqual(
    await page.ask((el) => el.getAttributeNames().filter((name) => name !== 'data-state').map((name) => [name, el.getAttribute(name)]).sort()),
    [['arrival-rate', '50'], ['class', 'mine'], ['response-time', '2'], ['style', 'margin: 1px'], ['theme', 'dark'], ['title', 'x']],
  );
});
