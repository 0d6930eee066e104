// What `npm install proxy-concurrency` brings: the packed files, their types, and what happens where they are imported.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { kebab, native, simulatedNatively } from '../src/vectors.mjs';
import { pack, web } from './packed.mjs';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const tool = (name, ...args) => {
  const { status, stdout, stderr } = spawnSync(join(web, 'node_modules/.bin', name), args, { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
};

let packed;
before(() => (packed = pack()));
after(() => packed?.remove());
const read = (path) => readFileSync(join(packed.folder, path), 'utf8');
const scripts = () => packed.files.filter((path) => path.endsWith('.js'));
const addressesIn = (text) => [...text.matchAll(/(?:\bfrom |\bimport |\bimport\()\s*["'](\.[^"']+)["']/g)].map(([, address]) => address);

test('it holds what is needed and nothing else', () => {
  // Of the scripts, those that entries lead to; of the declarations, likewise.
  const entries = Object.values(packed.manifest.exports).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)));
  const reached = new Set(entries.map((entry) => entry.replace('./', '')));
  for (const path of reached) {
    if (!/\.(js|ts)$/.test(path)) continue;
    for (const address of addressesIn(read(path))) {
      const target = join(dirname(path), address);
      reached.add(path.endsWith('.d.ts') ? target.replace(/\.js$/, '.d.ts') : target);
    }
    for (const [, beside] of read(path).matchAll(/new URL\(["']([\w./-]+)["'], import\.meta\.url\)/g)) reached.add(join(dirname(path), beside));
  }
  const beside = [
    'LICENSE-APACHE', 'LICENSE-MIT', 'LICENSES-THIRD-PARTY.txt', 'README.md', 'vscode.css-custom-data.json', 'vscode.html-custom-data.json',
    'web-types.json',
  ];
  assert.deepEqual(packed.files, [...reached, ...beside].sort());
  assert.equal(packed.files.filter((path) => path.endsWith('.wasm')).length, 4);
  for (const named of ['customElements', 'web-types']) assert.ok(packed.files.includes(packed.manifest[named]), named);
});

test('every script can be read, and asks for its WebAssembly and its Worker by addresses that bundlers can read', () => {
  for (const path of scripts()) {
    const text = read(path);
    assert.match(text, /^ {2}\S/m, `${path} is minified`);
    for (const [, what] of text.matchAll(/new URL\(([^)]*)\)/g)) {
      if (what.includes('import.meta.url')) assert.match(what, /^["'](?:[\w.]+\.wasm|\.\/simulator-worker\.js)["'], import\.meta\.url$/, path);
    }
  }
  const starts = scripts().map(read).flatMap((text) => text.match(/new Worker\(.*/g) ?? []);
  assert.deepEqual(starts.map((line) => line.replaceAll("'", '"').replace(/[;)\s]*$/, '')), ['new Worker(new URL("./simulator-worker.js", import.meta.url), { type: "module" }']);
});

test('no file knows the machine that it was built on', () => {
  for (const path of packed.files) {
    const bytes = readFileSync(join(packed.folder, path));
    for (const place of [web, process.env.HOME, '.cargo/registry'].filter(Boolean)) assert.ok(!bytes.includes(`${place}/`), `${path} names ${place}`);
  }
});

test('publint finds nothing, and every entry has its types', () => {
  tool('publint', '--strict', packed.tarball);
  tool('attw', packed.tarball, '--profile', 'esm-only', '--exclude-entrypoints', './proxy_concurrency_bg.wasm');
});

test('a program that uses the types compiles, and one that misuses them does not', () => {
  const compile = (code) => {
    writeFileSync(join(packed.app, 'use.ts'), code);
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023,dom', '--types', '', 'use.ts'];
    return spawnSync(join(web, 'node_modules/.bin/tsc'), flags, { cwd: packed.app, encoding: 'utf8' });
  };
  const good = compile(`
    import 'proxy-concurrency/define';
    import { ProxyConcurrencyElement, type ChangeDetail } from 'proxy-concurrency';
    import { loadAdvice, loadEngine, loadExceeded, loadSimulator, type Limits, type Scenario } from 'proxy-concurrency/engine';
    const scenario: Scenario = { arrivalRate: 50, responseTime: 2.5, planTiers: [50, { size: 100, price: 19 }] };
    const el = document.querySelector('proxy-concurrency')!;
    el.scenario = scenario;
    el.addEventListener('change', (event) => (event as CustomEvent<ChangeDetail>).detail.report.sizing.required.toFixed());
    export const required: number = (await loadEngine()).report(scenario).sizing.required;
    export const limits: Limits = (await loadAdvice()).limits({ ...scenario, memory: 512 });
    export const cap: number | undefined = (await loadExceeded()).exceeded(scenario)?.cap;
    const simulation = (await loadSimulator()).simulation({ ...scenario, spell: 'slow' });
    while (simulation && simulation.advance(100_000) < 1) {}
    export const rejected: number | undefined = simulation?.results().rows[0]?.simulated?.mean;
    ProxyConcurrencyElement.define('my-calculator');`);
  assert.equal(good.status, 0, good.stdout);
  const bad = compile(`import { loadEngine } from 'proxy-concurrency/engine'; (await loadEngine()).report({ arrivalRate: 'many' });`);
  assert.match(bad.stdout, /arrivalRate|'string' is not assignable/);
});

test('on a server every entry can be imported, and none defines anything', () => {
  const said = packed.run(`
    const names = [];
    for (const entry of ['', '/define', '/engine']) names.push(Object.keys(await import('proxy-concurrency' + entry)));
    console.log(JSON.stringify([names, typeof customElements]));`);
  assert.deepEqual(JSON.parse(said), [
    [['ProxyConcurrencyElement'], ['ProxyConcurrencyElement', 'loadEngine'], ['loadAdvice', 'loadEngine', 'loadExceeded', 'loadSimulator']], 'undefined',
  ]);
});

test('the engine answers the article’s case in Node.js, as the native core does', () => {
  const scenario = { arrivalRate: 50, responseTime: 2.5, responseTimeP95: 8, planTiers: [50, 100, 200, 500] };
  const said = JSON.parse(packed.run(`
    import { loadAdvice, loadEngine, loadExceeded, loadSimulator } from 'proxy-concurrency/engine';
    const scenario = ${JSON.stringify(scenario)};
    // At once, as two parts of a program may.
    const [engine, again, { exceeded }, advice] = await Promise.all([loadEngine(), loadEngine(), loadExceeded(), loadAdvice()]);
    const simulation = (await loadSimulator()).simulation({ ...scenario, spell: 'slow' });
    while (simulation.advance(100_000) < 1);
    console.log(JSON.stringify({
      simulated: simulation.results(), same: engine === again, version: engine.version(), fields: engine.fields.length, report: engine.report(scenario),
      exceeded: exceeded(scenario), limits: advice.limits(scenario), scale: advice.scale(scenario),
    }));`));
  const { exceeded, limits, scale, ...report } = native(scenario).answer;
  assert.deepEqual(said.report, report);
  assert.deepEqual([said.exceeded, said.limits, said.scale], [exceeded, limits, scale]);
  assert.deepEqual(said.simulated, simulatedNatively({ ...scenario, spell: 'slow' }));
  assert.equal(said.report.sizing.required, 157);
  assert.deepEqual([said.same, said.version], [true, packed.manifest.version]);
  assert.ok(said.fields >= 30);
});

test('the manifest has an attribute for each field, and each part and custom property of the element', () => {
  const manifest = JSON.parse(read(packed.manifest.customElements));
  const declared = manifest.modules.flatMap(({ declarations }) => declarations).find(({ customElement }) => customElement);
  assert.equal(declared.tagName, 'proxy-concurrency');
  const names = (list) => list.map(({ name }) => name).sort();
  const fields = JSON.parse(packed.run(`
    import { loadAdvice, loadEngine, loadExceeded } from 'proxy-concurrency/engine';
    const lists = [(await loadEngine()).fields, (await loadAdvice()).environmentFields(), (await loadExceeded()).simulationFields()];
    console.log(JSON.stringify(lists.flat().map(({ name }) => name)));`));
  const attributes = fields.map(kebab);
  assert.deepEqual(names(declared.attributes), [...attributes, 'compact', 'locale', 'panels', 'readonly-plan', 'theme'].sort());
  const code = scripts().map(read).join('\n');
  const found = (pattern) => [...new Set([...code.matchAll(pattern)].flatMap(([, name]) => name.split(' ')))].sort();
  assert.deepEqual(names(declared.cssParts), found(/\spart="([\w -]+)"/g));
  assert.deepEqual(names(declared.cssProperties), found(/var\((--pc-[\w-]+)/g));
  assert.ok(declared.cssProperties.every(({ default: known }) => known), 'a custom property without what stands in its place');
  assert.deepEqual(names(declared.events), ['change']);
  assert.deepEqual(declared.members.filter(({ name }) => /^(#|adopted)/.test(name)), []);
});

test('bundled, ./define registers the element and . leaves nothing behind', async () => {
  const { build } = require('esbuild');
  const bundle = async (code) => {
    const { outputFiles: [file] } = await build({
      stdin: { contents: code, resolveDir: packed.app }, bundle: true, format: 'esm', write: false, minify: true, logLevel: 'silent',
    });
    return file.text;
  };
  const defined = await bundle(`import 'proxy-concurrency/define';`);
  assert.match(defined, /proxy_concurrency_bg\.wasm/);
  assert.match(defined, /attachShadow/);
  assert.equal(await bundle(`import 'proxy-concurrency';`), '');
  assert.equal(await bundle(`import { ProxyConcurrencyElement } from 'proxy-concurrency';`), '');
  assert.doesNotMatch(await bundle(`import { loadEngine } from 'proxy-concurrency/engine'; loadEngine();`), /attachShadow|node:fs/);
});
