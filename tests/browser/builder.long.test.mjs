// The page where authors make the lines to paste: what they choose stands in the lines, and the lines say the same on a page of their own.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { serve } from '../../scripts/serve.mjs';
import { root } from '../src/vectors.mjs';
import { Key, open } from './page.mjs';

const AXE = readFileSync(createRequire(new URL('../../web/package.json', import.meta.url)).resolve('axe-core/axe.min.js'), 'utf8');
const EVIL = `"><img src=x onerror=alert(1)>{{7*7}}'&amp;`;

const folder = mkdtempSync(join(tmpdir(), 'proxy-concurrency-author-'));
let page, site;
before(async () => {
  page = await open({
    width: 1300,
    headers: { 'content-security-policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src data:" },
  });
  // An author's site.
  cpSync(join(root, 'web/dist'), join(folder, 'proxy-concurrency'), { recursive: true });
  site = await serve(folder);
});
after(async () => {
  await page?.close();
  await site?.close();
  rmSync(folder, { recursive: true });
});

const load = async () => {
  await page.driver.get('about:blank');
  await page.driver.get(`${page.url}/builder.html`);
  await page.until(`document.querySelector('.lines pre')`);
  await previewed();
};
/** The preview starts when it is near, as on every page. */
const previewed = async () => {
  await page.ask(() => document.querySelector('#preview').scrollIntoView());
  await page.until(`document.querySelector('proxy-concurrency')?.dataset.state === 'ready'`);
};
const type = async (name, text) => {
  await page.ask((el, shadow, name) => {
    const field = document.getElementById(name);
    field.focus();
    field.select();
  }, name);
  await page.press(text === '' ? Key.DELETE : text);
};
const pick = async (id, value) => {
  await page.ask((el, shadow, id, value) => {
    const select = document.getElementById(id);
    select.value = value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  }, id, value);
  await page.settle();
};
const box = (text) => page.ask((el, shadow, text) => [...document.querySelectorAll('.box')].find((label) => label.textContent.includes(text)).querySelector('input').click(), text);
const lines = () => page.ask(() => [...document.querySelectorAll('.step')].map((step) => ({ what: step.querySelector('h3').textContent, code: step.querySelector('code').textContent })));

/** The lines on an empty page. */
async function paste(code) {
  writeFileSync(join(folder, 'index.html'), `<!doctype html><meta charset="utf-8"><title>Pasted</title><link rel="icon" href="data:,">\n${code}\n`);
  await page.driver.get('about:blank');
  await page.driver.get(site.url);
}
const answer = async () => {
  // Memory comes with a panel, after the first answer.
  await page.until(`document.querySelector('proxy-concurrency')?.dataset.state === 'ready' && document.querySelector('proxy-concurrency').scenario.memory`);
  return page.ask((el) => [el.scenario, el.report]);
};

test('what is typed and chosen stands in the lines, and the preview shows it', async () => {
  await load();
  await type('arrival-rate', '80');
  await type('plan-tiers', '100 at 19, 300 at 49');
  await type('response-time-p95', '');
  await pick('theme', 'dark');
  await pick('locale', 'de');
  await box('A reader cannot change');
  for (const name of ['response-time', 'protocol', 'when-exceeded', 'configure', 'scale', 'probe']) await box(name);
  await previewed();
  const [script, element] = await lines();
  assert.equal(script.code, '<script type="module" src="/proxy-concurrency/proxy-concurrency.js"></script>');
  for (const part of ['arrival-rate="80"', 'response-time="2.5"', 'plan-tiers="100 at 19, 300 at 49"', 'panels="limits"', 'readonly-plan', 'theme="dark"', 'locale="de"']) {
    assert.ok(element.code.includes(part), `${part} is not in ${element.code}`);
  }
  assert.doesNotMatch(element.code, /p95|compact|^\s*$/m);
  assert.match(element.code, /<p>At 80 requests a second and a mean response time of 2\.5 s, 200 requests are in flight\. With 25% headroom that is 250, so 250 are needed: the plan with 300 holds them\.<\/p>/);
  const { report, attributes } = await page.ask((el) => ({ report: el.report, attributes: el.getAttributeNames() }));
  assert.deepEqual([report.sizing.required, report.sizing.plan, report.sizing.planPrice], [250, 300, 49]);
  assert.ok(attributes.includes('readonly-plan'));
  assert.deepEqual(await page.complaints(), []);
});

test('the lines on a page of their own give the same answer, hash and all; so does the iframe', async () => {
  await load();
  await type('arrival-rate', '80');
  await page.ask(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
  await type('memory', '512');
  await box('Subresource Integrity');
  const shown = await answer();
  assert.deepEqual([shown[0].arrivalRate, shown[0].memory], [80, 512]);
  const [script, element] = await lines();
  assert.match(script.code, /integrity="sha384-[\w+/=]{64}" crossorigin="anonymous"/);
  await pick('site', 'An iframe, no script on the page');
  const [frame] = await lines();

  await paste(`${script.code}\n${element.code}`);
  assert.deepEqual(await answer(), shown);
  await paste(frame.code);
  await page.driver.switchTo().frame(0);
  assert.deepEqual(await answer(), shown);
  await page.driver.switchTo().defaultContent();
  assert.deepEqual(await page.complaints(), []);

  await paste(`${script.code.replace(/sha384-.{8}/, 'sha384-AAAAAAAA')}\n${element.code}`);
  assert.equal(await page.ask(() => customElements.get('proxy-concurrency') === undefined), true, 'a script with another hash was taken');
  // The browser's word on that.
  await page.complaints();
});

test('what is typed into the preview is taken over, and the address stays clean', async () => {
  await load();
  await page.type('arrival-rate', '20');
  await page.type('headroom', '50');
  const { values, hash } = await page.ask(() => ({ values: ['arrival-rate', 'headroom'].map((id) => document.getElementById(id).value), hash: location.hash }));
  assert.deepEqual([values, hash], [['20', '0.5'], '']);
  assert.match((await lines())[1].code, /arrival-rate="20"[^]*headroom="0\.5"/);
  await type('arrival-rate', '30');
  assert.equal((await page.see()).texts['arrival-rate'], '30');
});

test('whatever is typed is data in the lines of every site, and is refused beside its field', async () => {
  await load();
  await type('arrival-rate', EVIL);
  await type('folder', `/x"><script>alert(1)</script>/`);
  const error = await page.ask(() => document.getElementById('error-arrival-rate').textContent);
  assert.match(error, /^arrival-rate must be a number/);
  const sites = await page.ask(() => [...document.getElementById('site').options].map(({ value }) => value));
  assert.ok(sites.length >= 11);
  for (const name of sites) {
    await pick('site', name);
    for (const { what, code } of await lines()) {
      const { scripts, elements, value, stray } = await page.ask((el, shadow, code) => {
        const read = new DOMParser().parseFromString(code, 'text/html');
        return {
          scripts: read.scripts.length,
          elements: [...read.querySelectorAll('*')].map((e) => e.localName).filter((n) => !['html', 'head', 'body', 'script', 'figure', 'proxy-concurrency', 'p', 'iframe'].includes(n)),
          value: read.querySelector('proxy-concurrency')?.getAttribute('arrival-rate') ?? null,
          stray: [...read.querySelectorAll('*')].some((e) => e.getAttributeNames().some((n) => n.startsWith('on'))),
        };
      }, code);
      const where = `${name}: ${what}`;
      assert.deepEqual([elements, stray], [[], false], where);
      assert.ok(scripts <= 1, where);
      if (code.includes('<proxy-concurrency')) assert.equal(value, EVIL, where);
      assert.ok(!/\{\{7/.test(code), `${where}: a template language would read it`);
    }
  }
});

test('the lines are copied, or selected where copying is blocked', async () => {
  await load();
  await page.ask(() => document.querySelectorAll('.step button')[1].click());
  await page.until(`document.querySelectorAll('.step [role=status]')[1].textContent !== ''`);
  const { told, selected } = await page.ask(() => ({ told: document.querySelectorAll('.step [role=status]')[1].textContent, selected: String(getSelection()) }));
  assert.ok(told.startsWith('Copied') || selected.includes('<proxy-concurrency'), told);
});

test('axe finds nothing, light and dark, wide and narrow; nothing stands out; the keyboard reaches every control', async () => {
  await load();
  for (const [width, scheme] of [[1300, 'light'], [1300, 'dark'], [360, 'dark']]) {
    await page.size(width, 900);
    await page.scheme(scheme);
    await page.ask(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
    await page.settle();
    await page.driver.executeScript(AXE);
    const found = await page.driver.executeAsyncScript(`const done = arguments[0];
      axe.run({ exclude: ['#preview'] }, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
        .then(({ violations }) => done(violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ').slice(0, 300))));`);
    assert.deepEqual(found, [], `${width} ${scheme}`);
    assert.ok(await page.ask(() => document.body.scrollWidth <= document.body.clientWidth + 1), `${width} px is too narrow`);
  }
  await page.size(1300, 900);
  await load();
  await page.ask(() => document.getElementById('arrival-rate').focus());
  const reached = new Set();
  for (let i = 0; i < 60; i += 1) {
    await page.press(Key.TAB);
    reached.add(await page.ask(() => document.activeElement.id || document.activeElement.textContent.trim() || document.activeElement.type));
  }
  for (const name of ['plan-tiers', 'over-limit', 'More of the scenario', 'theme', 'locale', 'site', 'folder', 'Copy']) assert.ok(reached.has(name), `${name} of ${[...reached]}`);
});
