// Builds web/dist: the script, its panels, the wasm modules and the page. `node build.mjs` after `make setup`; `--debug` keeps names and
// tells panics on the console; `--reuse-wasm` takes the wasm of the last run.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const web = dirname(fileURLToPath(import.meta.url));
const root = dirname(web);
const dist = join(web, 'dist');
const pkg = join(web, 'pkg');
const debug = process.argv.includes('--debug');
const run = (command, args, options = {}) => execFileSync(command, args, { stdio: 'inherit', cwd: root, ...options });

/** Two modules of one crate: the answer, and what happens over the limit, which only its panel loads. */
const MODULES = [
  { out: pkg, name: 'proxy_concurrency', features: [] },
  { out: join(pkg, 'exceeded'), name: 'proxy_concurrency_exceeded', features: ['exceeded'] },
];

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
for (const { out, name, features } of MODULES) {
  if (!process.argv.includes('--reuse-wasm')) {
    const path = `${join(root, '.tools', 'bin')}:${process.env.PATH}`;
    const profile = debug ? ['--dev'] : ['--profile', 'wasm'];
    const asked = ['--features', [...features, ...(debug ? ['debug'] : [])].join(',')];
    run(
      'wasm-pack',
      ['--log-level', 'warn', 'build', 'wasm', '--mode', 'no-install', '--target', 'web', '--out-dir', out,
        '--out-name', name, '--no-pack', ...profile, '--', ...asked],
      { env: { ...process.env, PATH: path } },
    );
  }
  // The glue's declarations name the core's types.
  cpSync(join(web, 'src/types.ts'), join(out, 'types.ts'));
  const [wasm, shipped] = [out, dist].map((folder) => join(folder, `${name}_bg.wasm`));
  if (debug) {
    cpSync(wasm, shipped);
  } else {
    run(process.execPath, [
      join(web, 'node_modules/binaryen/bin/wasm-opt'), wasm, '-o', shipped, '-Oz', '--converge',
      '--enable-bulk-memory', '--enable-nontrapping-float-to-int', '--enable-sign-ext', '--enable-mutable-globals',
      '--enable-reference-types', '--enable-multivalue',
      '--strip-debug', '--strip-producers', '--strip-target-features',
    ]);
  }
}

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
  legalComments: 'none',
  conditions: debug ? ['development'] : ['production'],
  logLevel: 'warning',
});
for (const file of ['index.html', 'page.css']) cpSync(join(web, file), join(dist, file));
