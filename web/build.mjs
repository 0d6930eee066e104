// Builds web/dist: the script, its panels, the wasm modules and the page. `node build.mjs` after `make setup`; `--debug` keeps names and
// tells panics on the console; `--reuse-wasm` takes the wasm of the last run.
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, transform } from 'esbuild';
import { declarations } from './messages/compile.mjs';
import { words } from './messages/plugin.mjs';

const web = dirname(fileURLToPath(import.meta.url));
const root = dirname(web);
const dist = join(web, 'dist');
const pkg = join(web, 'pkg');
const debug = process.argv.includes('--debug');
const run = (command, args, options = {}) => execFileSync(command, args, { stdio: 'inherit', cwd: root, ...options });

/** Modules of one crate: the answer, and what only some panels load: what happens over the limit, and advice. */
const MODULES = [
  { out: pkg, name: 'proxy_concurrency', features: [] },
  { out: join(pkg, 'exceeded'), name: 'proxy_concurrency_exceeded', features: ['exceeded'] },
  { out: join(pkg, 'advice'), name: 'proxy_concurrency_advice', features: ['advice'] },
];

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const shipping = [];
for (const { out, name, features } of MODULES) {
  if (!process.argv.includes('--reuse-wasm')) {
    const path = `${join(root, '.tools', 'bin')}:${process.env.PATH}`;
    const profile = debug ? ['--dev'] : ['--profile', 'wasm'];
    const asked = ['--features', [...features, ...(debug ? ['debug'] : [])].join(',')];
    run(
      'wasm-pack',
      ['--log-level', 'error', 'build', 'wasm', '--mode', 'no-install', '--target', 'web', '--out-dir', out,
        '--out-name', name, '--no-pack', ...profile, '--', ...asked],
      { env: { ...process.env, PATH: path } },
    );
  }
  // The glue's declarations name the core's types.
  cpSync(join(web, 'src/types.ts'), join(out, 'types.ts'));
  const [wasm, shipped] = [out, dist].map((folder) => join(folder, `${name}_bg.wasm`));
  // One module is made smaller while the next one is compiled.
  shipping.push((debug ? Promise.resolve(wasm) : optimised(wasm)).then((ready) => cpSync(ready, shipped)));
}
await Promise.all(shipping);

/** The file after wasm-opt, which is kept beside it: most builds change no Rust. */
async function optimised(wasm) {
  const flags = [
    '-Oz', '--converge',
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
      const [before, sheet, after] = readFileSync(path, 'utf8').split(/(?<=\bcss`|panelStyles = `)([^`]*)(?=`)/);
      const css = sheet && (await transform(sheet, { loader: 'css', minify: true, target: 'es2022' })).code.trim();
      const unindented = (code) => code?.replace(/\n[ \t]+/g, '\n') ?? '';
      return { contents: unindented(before) + (css ?? '') + unindented(after), loader: 'ts' };
    });
  },
};

writeFileSync(join(pkg, 'messages.d.ts'), declarations());

await build({
  entryPoints: [join(web, 'src/index.ts')],
  outdir: dist,
  entryNames: 'proxy-concurrency',
  chunkNames: '[name]-[hash]',
  // Panels are loaded when they are shown.
  splitting: true,
  bundle: true,
  format: 'esm',
  target: ['es2022'],
  minify: !debug,
  plugins: debug ? [words] : [words, lean],
  legalComments: 'none',
  conditions: debug ? ['development'] : ['production'],
  logLevel: 'warning',
});
for (const file of ['index.html', 'page.css']) cpSync(join(web, file), join(dist, file));
