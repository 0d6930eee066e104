// Chromium with the built page in it: started here, ended here.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { serve } from '../../scripts/serve.mjs';
import { root } from '../src/vectors.mjs';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { Builder, Key, logging } = require('selenium-webdriver');
const chrome = require('selenium-webdriver/chrome');
export { Key };

/** A program's path: named by the environment, or found on PATH. Selenium itself would try to download one. */
function program(variable, ...names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = process.env[variable] ?? names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
  if (!found) throw new Error(`${names[0]} is not there: \`make setup\` installs it, or set ${variable} to its path`);
  return found;
}

/** A browser on its own profile and the page on a free port. `headers` go with every answer of the server. */
export async function open({ headers = {}, width = 1000, height = 900 } = {}) {
  const profile = mkdtempSync(join(tmpdir(), 'proxy-concurrency-chromium-'));
  const prefs = new logging.Preferences();
  prefs.setLevel(logging.Type.BROWSER, logging.Level.ALL);
  const options = new chrome.Options()
    .setBinaryPath(program('CHROMIUM', 'chromium', 'chromium-browser', 'google-chrome'))
    .setLoggingPrefs(prefs)
    .addArguments(
      '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', `--user-data-dir=${profile}`, `--window-size=${width},${height}`,
    );
  const service = new chrome.ServiceBuilder(program('CHROMEDRIVER', 'chromedriver'));
  const server = await serve(join(root, 'web/dist'), { port: 0, headers });
  let driver;
  const close = async () => {
    await driver?.quit().catch(() => {});
    await server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  try {
    driver = await new Builder().forBrowser('chrome').setChromeOptions(options).setChromeService(service).build();
    await driver.manage().setTimeouts({ script: 60_000, pageLoad: 30_000 });
  } catch (error) {
    await close();
    throw error;
  }
  return new Page(driver, server.url, close);
}

export class Page {
  constructor(driver, url, close) {
    Object.assign(this, { driver, url: url.replace(/\/$/, ''), close });
  }

  /** Loads the page anew, whatever is in its address already, and waits for the first answer. */
  async load(address = '/', state = 'ready') {
    await this.driver.get('about:blank');
    await this.driver.get(this.url + address);
    await this.until(`document.querySelector('proxy-concurrency')?.dataset.state === ${JSON.stringify(state)}`, `data-state is ${state}`);
    // Lit writes after the present task.
    await this.settle();
  }

  /** Waits for an expression, not for a time. */
  async until(expression, what = expression) {
    await this.driver.wait(() => this.driver.executeScript(`return !!(${expression})`), 10_000, `waited for ${what}`);
  }

  settle() {
    return this.driver.executeAsyncScript(
      'const done = arguments[0]; const el = document.querySelector("proxy-concurrency"); (el?.updateComplete ?? Promise.resolve()).then(() => requestAnimationFrame(() => done()));',
    );
  }

  /** Runs a function in the page, with the first element and its shadow root; the answer comes back as exact JSON. */
  async ask(run, ...args) {
    const text = await this.driver.executeScript(
      `const el = document.querySelector('proxy-concurrency');
       const answer = (${run})(el, el?.shadowRoot, ...arguments);
       // JSON has one zero and neither NaN nor infinity.
       return JSON.stringify(answer, (_, x) => typeof x === 'number' && (Object.is(x, -0) || !Number.isFinite(x)) ? { $not: String(x) } : x) ?? 'null';`,
      ...args,
    );
    return JSON.parse(text);
  }

  /** A fresh element with these attributes (and page language) in place of the page's own. */
  async fresh(attributes, lang = 'en') {
    await this.driver.executeScript(
      `document.documentElement.lang = arguments[1];
       const el = document.createElement('proxy-concurrency');
       for (const [name, value] of Object.entries(arguments[0])) el.setAttribute(name, value);
       document.querySelector('proxy-concurrency').replaceWith(el);`,
      attributes, lang,
    );
    await this.until(`document.querySelector('proxy-concurrency').dataset.state === 'ready'`);
    await this.settle();
  }

  /** Types into a field with real keys, over what stands there. */
  async type(name, text) {
    const field = await this.driver.executeScript(
      `return document.querySelector('proxy-concurrency').shadowRoot.querySelector('[name="' + arguments[0] + '"]')`, name,
    );
    await field.sendKeys(Key.chord(Key.CONTROL, 'a'), text === '' ? Key.DELETE : text);
    await this.settle();
  }

  /** Puts a text into a field as a paste does, also where the field is folded away. */
  async paste(name, text) {
    await this.ask((el, shadow, name, text) => {
      const field = shadow.querySelector(`[name="${name}"]`);
      field.value = text;
      field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    }, name, text);
    await this.settle();
  }

  /** Opens a panel as a reader does, and waits until it has come. */
  async show(name) {
    await this.ask((el, shadow, name) => shadow.querySelector(`#tab-${name}`).click(), name);
    await this.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#tab-${name}[aria-selected=true]') && document.querySelector('proxy-concurrency').shadowRoot.querySelector('#panel > *')`, `the panel ${name}`);
    await this.settle();
  }

  /** Chooses an option as a reader does. */
  async choose(name, value) {
    await this.ask((el, shadow, name, value) => {
      const select = shadow.querySelector(`select[name="${name}"]`);
      select.value = value;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    }, name, value);
    await this.settle();
  }

  /** The shown panel as it reads: its words, the rows of its tables by label, and how far something stands out of it. */
  panel() {
    return this.ask((el, shadow) => {
      const root = shadow.querySelector('#panel');
      const scrolls = (e) => e.parentElement && (['auto', 'scroll'].includes(getComputedStyle(e.parentElement).overflowX) || scrolls(e.parentElement));
      return {
        text: root.innerText,
        headings: [...root.querySelectorAll('h3')].map((e) => e.textContent),
        rows: Object.fromEntries([...root.querySelectorAll('tr')].map((tr) => [...tr.children].map((cell) => cell.innerText.trim())).map(([label, ...cells]) => [label, cells])),
        wide: Math.max(...[...root.querySelectorAll('*')].filter((e) => !scrolls(e)).map((e) => e.getBoundingClientRect().right)) - root.getBoundingClientRect().right,
      };
    });
  }

  /** What has been asked for since the page began. */
  requests() {
    return this.ask(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname));
  }

  /** What a reader sees: the messages by field, the fields' texts, and whether the answer is marked as old. */
  see() {
    return this.ask((el, shadow) => ({
      errors: Object.fromEntries([...shadow.querySelectorAll('[data-error]')].map((e) => [e.dataset.error, e.textContent.trim()]).filter(([, text]) => text)),
      texts: Object.fromEntries([...shadow.querySelectorAll('input[type=text], textarea')].map((e) => [e.name, e.value])),
      required: shadow.querySelector('[data-required]')?.textContent,
      plan: shadow.querySelector('[data-plan]')?.textContent,
      answer: shadow.querySelector('.answer')?.innerText,
      stale: shadow.querySelector('.answer')?.hasAttribute('data-stale'),
      scenario: el.scenario,
      report: el.report,
      hash: location.hash,
    }));
  }

  /** What went wrong in the page since the last time it was asked. */
  async complaints() {
    const entries = await this.driver.manage().logs().get(logging.Type.BROWSER);
    return entries.filter(({ level }) => level.value >= logging.Level.WARNING.value).map(({ message }) => message);
  }
}
