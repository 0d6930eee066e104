// The three browsers that the suites run in. Each is started on a profile of its own and ended with all that it started.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { root } from '../src/vectors.mjs';
import { recorded } from './site.mjs';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { Builder, logging } = require('selenium-webdriver');
const chrome = require('selenium-webdriver/chrome');
const firefox = require('selenium-webdriver/firefox');

/** A program's path: named by the environment, or found on PATH or among what `scripts/setup` made. */
export function program(variable, ...names) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), join(root, '.tools/bin')];
  const found = process.env[variable] ?? names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
  if (!found) throw new Error(`${names[0]} is not there: \`scripts/setup --browsers\` installs it, or set ${variable} to its path`);
  return found;
}

async function chromium({ width, height }) {
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
  const clean = () => rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  try {
    const service = new chrome.ServiceBuilder(program('CHROMEDRIVER', 'chromedriver'));
    const driver = await new Builder().forBrowser('chrome').setChromeOptions(options).setChromeService(service).build();
    const log = async () => {
      const entries = await driver.manage().logs().get(logging.Type.BROWSER);
      return entries.filter(({ level }) => level.value >= logging.Level.WARNING.value).map(({ message }) => message);
    };
    return { driver, log, end: () => driver.quit().catch(() => {}).then(clean) };
  } catch (error) {
    clean();
    throw error;
  }
}

async function gecko({ width, height }) {
  const options = new firefox.Options()
    .setBinary(program('FIREFOX', 'firefox-esr', 'firefox'))
    .addArguments('-headless', `--width=${width}`, `--height=${height}`)
    .enableBidi();
  // Access to the browser itself lets a test override what the page is told of colours, motion and medium.
  const service = new firefox.ServiceBuilder(program('GECKODRIVER', 'geckodriver')).addArguments('--allow-system-access');
  const driver = await new Builder().forBrowser('firefox').setFirefoxOptions(options).setFirefoxService(service).build();
  const end = () => driver.quit().catch(() => {});
  try {
    const entries = [];
    const bidi = await driver.getBidi();
    await bidi.subscribe('log.entryAdded');
    bidi.socket.on('message', (data) => {
      const { method, params } = JSON.parse(data.toString());
      if (method === 'log.entryAdded' && ['warn', 'error'].includes(params.level)) entries.push(params.text ?? '');
    });
    return { driver, log: async () => entries.splice(0), end };
  } catch (error) {
    await end();
    throw error;
  }
}

const freePort = () => new Promise((resolve, reject) => {
  const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** Runs a program until its output says something, with all that it starts in a group of their own; `end` ends the group. */
function background(path, args, options, said) {
  const child = spawn(path, args, { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'pipe'], ...options });
  const end = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  };
  process.once('exit', end);
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('exit', (code) => reject(new Error(`${path} ended with ${code}`)));
    said(child, (value) => resolve({ child, end, value }));
  });
}

async function webkit({ width, height }) {
  // WebKitGTK has no headless mode: it draws to a display that nobody sees. `-displayfd` takes a free one and names it.
  const display = await background(
    program('XVFB', 'Xvfb'), ['-screen', '0', '1400x1200x24', '-nolisten', 'tcp', '-displayfd', '3'], {},
    (child, ready) => child.stdio[3].once('data', (data) => ready(String(data).trim())),
  );
  const port = await freePort();
  // Pictures come by shared memory: through the graphics driver, which is in software here, they take as much time as all the rest.
  const env = { ...process.env, DISPLAY: `:${display.value}`, GTK_THEME: 'Adwaita', WEBKIT_DISABLE_DMABUF_RENDERER: '1' };
  delete env.WAYLAND_DISPLAY;
  let service, driver;
  const end = async () => {
    await driver?.quit().catch(() => {});
    service?.end();
    display.end();
  };
  try {
    service = await background(program('WEBKITDRIVER', 'WebKitWebDriver'), [`--port=${port}`], { env }, (child, ready) => ready());
    const capabilities = {
      browserName: 'MiniBrowser',
      'webkitgtk:browserOptions': {
        binary: process.env.MINIBROWSER ?? ['4.1', '6.0'].map((api) => `/usr/lib/${arch()}/webkit2gtk-${api}/MiniBrowser`).find(existsSync),
        args: ['--automation'],
      },
    };
    driver = await answering(() => new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities(capabilities).build());
    await driver.manage().window().setRect({ width, height });
    return { driver, log: () => recorded(driver), end };
  } catch (error) {
    await end();
    throw error;
  }
}

const arch = () => ({ x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' })[process.arch];

/** The driver says nothing when it listens: it is asked until it answers. */
async function answering(connect) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await connect();
    } catch (error) {
      if (tries === 50 || !/ECONNREFUSED/.test(String(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

const BROWSERS = { chromium, firefox: gecko, webkit };
/** Which one: BROWSER=chromium, firefox or webkit. */
export const browser = process.env.BROWSER || 'chromium';
if (!BROWSERS[browser]) throw new Error(`BROWSER=${browser} is none of ${Object.keys(BROWSERS).join(', ')}`);

/** Starts it: its driver, `log` for the warnings and errors of its console since the last call, and `end`. */
export async function start(size) {
  const started = await BROWSERS[browser](size);
  await started.driver.manage().setTimeouts({ script: 60_000, pageLoad: 30_000 });
  return started;
}
