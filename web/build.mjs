// Builds web/dist: one script, one wasm, and the page. `node build.mjs` after `make setup`; `--debug` keeps names and
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

if (!process.argv.includes('--reuse-wasm')) {
  const path = `${join(root, '.tools', 'bin')}:${process.env.PATH}`;
  const profile = debug ? ['--dev'] : ['--profile', 'wasm'];
  const features = debug ? ['--features', 'debug'] : [];
  run(
    'wasm-pack',
    ['--log-level', 'warn', 'build', 'wasm', '--mode', 'no-install', '--target', 'web', '--out-dir', pkg,
      '--out-name', 'proxy_concurrency', '--no-pack', ...profile, '--', ...features],
    { env: { ...process.env, PATH: path } },
  );
}

// The glue's declarations name the core's types.
cpSync(join(web, 'src/types.ts'), join(pkg, 'types.ts'));

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const wasm = join(pkg, 'proxy_concurrency_bg.wasm');
const shipped = join(dist, 'proxy_concurrency_bg.wasm');
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
