// What is served. WebKitGTK's driver tells nothing of the console: there, a first script on the page writes down what goes wrong.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Its address on the page; a file of its own, so that a strict policy lets it run. */
export const RECORDER = '/recorder.js';

/** Runs in the page. The window's name outlasts a reload, and is no storage that a test looks into. */
function record() {
  const note = (text) => (window.name = JSON.stringify([...JSON.parse(window.name || '[]'), text]));
  for (const level of ['warn', 'error']) {
    const was = console[level];
    console[level] = (...said) => {
      note(said.map(String).join(' '));
      was.apply(console, said);
    };
  }
  // Capturing, for resources that fail; they have no message.
  addEventListener('error', (event) => note(event.message ?? `could not load ${event.target.src ?? event.target.href}`), true);
  addEventListener('unhandledrejection', ({ reason }) => note(`unhandled: ${reason}`));
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => note(`${violatedDirective} refused ${blockedURI} ${sample}`));
}

/** A copy of a folder, with `html` for its first page where it is given, and with the recorder in its pages where it is asked for. */
export function site(folder, { html, recorded } = {}) {
  if (!html && !recorded) return { folder, remove: () => {} };
  const copy = mkdtempSync(join(tmpdir(), 'proxy-concurrency-page-'));
  cpSync(folder, copy, { recursive: true });
  if (html) writeFileSync(join(copy, 'index.html'), html);
  if (recorded) {
    writeFileSync(join(copy, RECORDER), `(${record})();\n`);
    for (const file of readdirSync(copy, { recursive: true }).filter((name) => name.endsWith('.html'))) {
      const text = readFileSync(join(copy, file), 'utf8');
      const first = text.replace(/<head[^>]*>/i, (tag) => `${tag}<script src="${RECORDER}"></script>`);
      if (first === text) throw new Error(`${file} has no <head> to begin with`);
      writeFileSync(join(copy, file), first);
    }
  }
  return { folder: copy, remove: () => rmSync(copy, { recursive: true, force: true }) };
}

/** What was written down since the last call. */
export async function recorded(driver) {
  return JSON.parse((await driver.executeScript(`const said = window.name; window.name = ''; return said;`)) || '[]');
}
