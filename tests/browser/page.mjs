// A browser with the built page in it: started here, ended here. BROWSER names another one than Chromium.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { serve } from '../../scripts/serve.mjs';
import { root } from '../src/vectors.mjs';
import { browser, start } from './browsers.mjs';
import { RECORDER, site } from './site.mjs';

const { Key } = createRequire(new URL('../../web/package.json', import.meta.url))('selenium-webdriver');
export { browser, Key };

/** Milliseconds after which the page is asked again whether something has come: the driver's own fifth of a second adds up. */
const POLL = 20;

/** Why a test of what a page is told of its user is skipped; false where it runs. */
export const UNTOLD = browser === 'webkit' && 'WebKitGTK’s driver cannot override colours, motion or medium';

/**
 * The page on a free port and a browser for it. `headers` go with every answer of the server; `html` stands for the built
 * folder's own page.
 */
export async function open({ headers = {}, width = 1000, height = 900, folder = join(root, 'web/dist'), html } = {}) {
  const served = site(folder, { html, recorded: browser === 'webkit' });
  const server = await serve(served.folder, { port: 0, headers });
  const close = () => server.close().then(served.remove);
  try {
    const { driver, log, end } = await start({ width, height });
    return new Page(driver, server.url, log, () => end().then(close));
  } catch (error) {
    await close();
    throw error;
  }
}

export class Page {
  constructor(driver, url, log, close) {
    Object.assign(this, { driver, url: url.replace(/\/$/, ''), log, close, earlier: [] });
  }

  /** Loads the page anew, whatever is in its address already, and waits for the first answer. */
  async load(address = '/', state = 'ready') {
    // What went wrong before stays told: a driver that reads it in the page would lose it.
    this.earlier.push(...(await this.log()));
    await this.driver.get('about:blank');
    await this.driver.get(this.url + address);
    await this.until(`document.querySelector('proxy-concurrency')?.dataset.state === ${JSON.stringify(state)}`, `data-state is ${state}`);
    // Lit writes after the present task.
    await this.settle();
  }

  /** Waits for an expression, not for a time. */
  async until(expression, what = expression) {
    await this.driver.wait(() => this.driver.executeScript(`return !!(${expression})`), 30_000, `waited for ${what}`, POLL);
  }

  settle() {
    return this.driver.executeAsyncScript(
      'const done = arguments[0]; const el = document.querySelector("proxy-concurrency"); (el?.updateComplete ?? Promise.resolve()).then(() => requestAnimationFrame(() => setTimeout(done)));',
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
    await this.ask((el, shadow, name) => {
      const field = shadow.querySelector(`[name="${name}"]`);
      field.focus();
      field.select();
    }, name);
    await this.press(text === '' ? Key.DELETE : text);
  }

  /** Presses keys, one after another, wherever the focus is. Chromium's driver moves the caret where it is given a field. */
  async press(...keys) {
    await this.driver.actions().sendKeys(...keys).perform();
    await this.settle();
  }

  /** Presses a key while another is held. */
  async chord(held, key) {
    await this.driver.actions().keyDown(held).sendKeys(key).keyUp(held).perform();
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

  /** The page's own scheme, light or dark; what the system has is `media`'s. */
  async scheme(name) {
    await this.ask((el, shadow, name) => { document.documentElement.style.colorScheme = name; }, name);
    await this.settle();
  }

  /** What the browser tells the page of its user: `scheme` dark, `forced` colours, less `motion`, and the medium. */
  async media({ scheme, forced, motion, print } = {}) {
    if (browser === 'chromium') {
      const features = [['prefers-color-scheme', scheme], ['forced-colors', forced && 'active'], ['prefers-reduced-motion', motion]];
      await this.driver.sendDevToolsCommand('Emulation.setEmulatedMedia', {
        media: print ? 'print' : '', features: features.map(([name, value]) => ({ name, value: value || '' })),
      });
    } else if (browser === 'firefox') {
      await this.driver.setContext('chrome');
      await this.driver.executeScript(`const told = gBrowser.selectedBrowser.browsingContext;
        told.mediumOverride = arguments[0].print ? 'print' : '';
        told.prefersColorSchemeOverride = arguments[0].scheme || 'none';
        told.forcedColorsOverride = arguments[0].forced ? 'active' : 'none';
        told.prefersReducedMotionOverride = arguments[0].motion || 'none';`, { scheme, forced, motion, print });
      await this.driver.setContext('content');
    } else {
      throw new Error(UNTOLD);
    }
    await this.settle();
  }

  /** The viewport in CSS pixels, of `ratio` device pixels each, as a browser's zoom has it. WebKitGTK's window has a least width: there, the page's body is narrowed. */
  async size(width, height, ratio = 1) {
    if (browser === 'chromium') {
      await this.driver.sendDevToolsCommand('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: ratio, mobile: false });
    } else if (browser === 'firefox') {
      const bidi = await this.driver.getBidi();
      const context = await this.driver.getWindowHandle();
      await bidi.send({ method: 'browsingContext.setViewport', params: { context, viewport: { width, height }, devicePixelRatio: ratio } });
    } else {
      await this.driver.manage().window().setRect({ width: Math.max(width, 500), height });
      await this.ask((el, shadow, width) => { document.body.style.width = `${width}px`; }, width);
    }
    await this.settle();
  }

  /** What has been asked for since the page began, or before a mark in its timeline. */
  requests(before) {
    return this.ask((el, shadow, recorder, before) => {
      const end = before ? performance.getEntriesByName(before)[0].startTime : Infinity;
      const entries = performance.getEntriesByType('resource').filter(({ startTime }) => startTime < end);
      return entries.map(({ name }) => new URL(name).pathname).filter((path) => path !== recorder);
    }, RECORDER, before);
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

  /**
   * What went wrong in the page since the last time it was asked: the console's warnings and errors. Firefox lets a page tell
   * what was still on its way when it was left; that goes too only where it is asked for, with `left`. WebKitGTK, whose scroll bars take
   * room, lays a page out twice where one comes or goes, and calls that a loop of whoever watches a width: the element draws in the
   * next frame, so that there is none.
   */
  async complaints({ left = false } = {}) {
    const all = [...this.earlier.splice(0), ...(await this.log())];
    const LEFT = /could not be loaded\. TypeError: (NetworkError when attempting|error loading dynamically imported module)/;
    if (browser === 'webkit') return all.filter((told) => !told.includes('ResizeObserver loop completed'));
    return browser === 'firefox' && !left ? all.filter((told) => !LEFT.test(told)) : all;
  }
}
