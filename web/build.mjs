// Builds web/dist, the folder that a site copies and the page around it, and web/lib, what the npm package ships. `node build.mjs` after
// `make setup`; `--debug` keeps names and tells panics on the console; `--reuse-wasm` takes the wasm of the last run; `--unoptimised` leaves wasm-opt out.
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, transform } from 'esbuild';
import { declarations as messageTypes } from './messages/compile.mjs';
import { words } from './messages/plugin.mjs';

const web = dirname(fileURLToPath(import.meta.url));
const root = dirname(web);
const dist = join(web, 'dist');
const parts = join(dist, 'parts');
const lib = join(web, 'lib');
const pkg = join(web, 'pkg');
const debug = process.argv.includes('--debug');
// Nothing of the machine that builds gets into the modules: places of panics hold the paths of sources.
const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
const rustFlags = `${process.env.RUSTFLAGS ?? ''} --remap-path-prefix=${join(cargoHome, 'registry/src')}=crates`.trim();
const run = (command, args, options = {}) => execFileSync(command, args, { stdio: 'inherit', cwd: root, ...options });

/**
 * Modules of one crate: the answer, and what only some panels load: what happens over the limit, advice, and the simulator. `beside` is
 * the folder of the scripts that ask for it: each finds its wasm beside itself. What runs for a while is made to run `fast`, the rest to
 * load fast.
 */
const MODULES = [
  { out: pkg, name: 'proxy_concurrency', features: ['report'], beside: dist },
  { out: join(pkg, 'exceeded'), name: 'proxy_concurrency_exceeded', features: ['exceeded'], beside: parts },
  { out: join(pkg, 'advice'), name: 'proxy_concurrency_advice', features: ['advice'], beside: parts },
  { out: join(pkg, 'simulator'), name: 'proxy_concurrency_simulator', features: ['simulator'], beside: parts, fast: true },
];

for (const folder of [dist, lib]) rmSync(folder, { recursive: true, force: true });
for (const folder of [parts, lib]) mkdirSync(folder, { recursive: true });
const shipping = [];
for (const { out, name, features, beside, fast = false } of MODULES) {
  if (!process.argv.includes('--reuse-wasm')) {
    const path = `${join(root, '.tools', 'bin')}:${process.env.PATH}`;
    const profile = debug ? ['--dev'] : ['--profile', 'wasm'];
    const asked = ['--no-default-features', '--features', [...features, ...(debug ? ['debug'] : [])].join(',')];
    run(
      'wasm-pack',
      ['--log-level', 'error', 'build', 'wasm', '--mode', 'no-install', '--target', 'web', '--out-dir', out,
        '--out-name', name, '--no-pack', ...profile, '--', ...asked],
      { env: { ...process.env, PATH: path, RUSTFLAGS: rustFlags, ...(fast && { CARGO_PROFILE_WASM_OPT_LEVEL: '3' }) } },
    );
  }
  // The glue's declarations name the core's types.
  writeFileSync(join(out, 'types.ts'), `export type * from '${relative(out, join(web, 'src/types.js'))}';\n`);
  const file = `${name}_bg.wasm`;
  const ship = (wasm) => [beside, lib].forEach((folder) => cpSync(wasm, join(folder, file)));
  // One module is made smaller while the next one is compiled.
  shipping.push((debug || process.argv.includes('--unoptimised') ? Promise.resolve(join(out, file)) : optimised(join(out, file), fast)).then(ship));
}
await Promise.all(shipping);

/** The file after wasm-opt, which is kept beside it: most builds change no Rust. */
async function optimised(wasm, fast) {
  const flags = [
    ...(fast ? ['-O3'] : ['-Oz', '--converge', '--one-caller-inline-max-function-size', '20']),
    '--enable-bulk-memory', '--enable-nontrapping-float-to-int', '--enable-sign-ext', '--enable-mutable-globals',
    '--enable-reference-types', '--enable-multivalue',
    '--strip-debug', '--strip-producers', '--strip-target-features',
  ];
  const binaryen = JSON.parse(readFileSync(join(web, 'node_modules/binaryen/package.json'), 'utf8')).version;
  const key = createHash('sha256').update(readFileSync(wasm)).update(`${binaryen} ${flags}`).digest('hex');
  const [kept, keyFile] = [wasm.replace(/\.wasm$/, '.opt.wasm'), wasm.replace(/\.wasm$/, '.opt.key')];
  if (!existsSync(kept) || !existsSync(keyFile) || readFileSync(keyFile, 'utf8') !== key) {
    await promisify(execFile)(process.execPath, [join(web, 'node_modules/binaryen/bin/wasm-opt'), wasm, '-o', kept, ...flags]);
    writeFileSync(keyFile, key);
  }
  return kept;
}

/** Templates keep their line breaks and indentation through a minifier; here they lose them. */
const lean = {
  name: 'lean-templates',
  setup({ onLoad }) {
    onLoad({ filter: /src\/.*\.ts$/ }, async ({ path }) => {
      const [before, sheet, after] = readFileSync(path, 'utf8').split(/(?<=[sS]tyles = `)([^`]*)(?=`)/);
      const css = sheet && (await transform(sheet, { loader: 'css', minify: true, target: 'es2022' })).code.trim();
      const unindented = (code) => code?.replace(/\n[ \t]+/g, '\n') ?? '';
      return { contents: unindented(before) + (css ?? '') + unindented(after), loader: 'ts' };
    });
  },
};

/** Pages that require Trusted Types want the Worker's address admitted; bundlers want it as it is. */
const inFolder = {
  name: 'in-folder',
  setup: ({ onResolve }) => onResolve({ filter: /\/start\.js$/ }, () => ({ path: join(web, 'src/simulator/start-in-folder.ts') })),
};

writeFileSync(join(pkg, 'messages.d.ts'), messageTypes());

const shared = {
  absWorkingDir: web,
  bundle: true,
  format: 'esm',
  target: ['es2022'],
  // Modules are always read as UTF-8: no escapes for what is not ASCII.
  charset: 'utf8',
  // What is loaded when it is used (panels, languages) is a file of its own.
  splitting: true,
  plugins: [words],
  legalComments: 'none',
  conditions: debug ? ['development'] : ['production'],
  logLevel: 'warning',
};

const worker = join(web, 'src/simulator/worker.ts');
const { metafile } = await build({
  ...shared,
  metafile: true,
  entryPoints: { 'proxy-concurrency': join(web, 'src/define.ts'), 'parts/simulator-worker': worker },
  outdir: dist,
  chunkNames: 'parts/[name]-[hash]',
  minify: !debug,
  plugins: [words, inFolder, ...(debug ? [] : [lean])],
});
// For scripts/sizes.mjs, which says what the bytes are made of.
writeFileSync(join(pkg, 'metafile.json'), JSON.stringify(metafile));
for (const file of ['index.html', 'page.css', 'frame.html', 'builder.html', 'builder.css']) cpSync(join(web, file), join(dist, file));
cpSync(join(web, 'frame.css'), join(parts, 'frame.css'));

// For bundlers, which do their own minifying and share the dependencies with the rest of an application. One flat folder: each script
// finds its wasm beside itself, by an address that bundlers can read.
await build({
  ...shared,
  entryPoints: { ...Object.fromEntries(['index', 'define', 'engines', 'engines-node'].map((name) => [name, join(web, `src/${name}.ts`)])), 'simulator-worker': worker },
  outdir: lib,
  chunkNames: '[name]-[hash]',
  packages: 'external',
});

const { loadAdvice, loadEngine, loadExceeded } = await import('./lib/engines-node.js');
const fields = [...(await loadEngine()).fields, ...(await loadAdvice()).environmentFields(), ...(await loadExceeded()).simulationFields()];
await build({
  ...shared,
  entryPoints: [join(web, 'src/frame.ts')],
  outdir: parts,
  minify: !debug,
  define: { FIELDS: JSON.stringify(fields.map(({ name }) => name)) },
});
// The author's page draws with a Lit of its own; the element and its engine are the page's one.
await build({
  ...shared,
  entryPoints: [join(web, 'src/builder.ts')],
  outdir: dist,
  minify: !debug,
  plugins: [words, {
    name: 'the-page-s-element',
    setup: ({ onResolve }) => onResolve({ filter: /\/define\.js$/ }, () => ({ path: './proxy-concurrency.js', external: true })),
  }],
});

await declarations(['src/index', 'src/define', 'src/engines']);

/** Declarations of what a user of the package sees: those that these entries lead to. The glue has its own beside it. */
async function declarations(entries) {
  const emitted = mkdtempSync(join(tmpdir(), 'declarations-'));
  await promisify(execFile)(join(web, 'node_modules/.bin/tsc'), ['--project', join(web, 'tsconfig.lib.json'), '--outDir', emitted])
    .catch(({ stdout }) => { throw new Error(stdout); });
  const reached = new Set(entries.map((entry) => `${entry}.d.ts`));
  // A set visits what is added while it is walked.
  for (const file of reached) {
    const from = [emitted, web].map((folder) => join(folder, file)).find(existsSync);
    const text = readFileSync(from, 'utf8');
    for (const [, name] of text.matchAll(/(?:from |import\()['"](\.[^'"]+)\.js['"]/g)) reached.add(`${join(dirname(file), name)}.d.ts`);
    mkdirSync(dirname(join(lib, 'types', file)), { recursive: true });
    // Not every user's TypeScript knows that symbol; `free` is as good.
    writeFileSync(join(lib, 'types', file), text.replace(/^ *\[Symbol\.dispose\].*\n/m, ''));
  }
  rmSync(emitted, { recursive: true });
}
