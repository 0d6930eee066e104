// Prints the licences of everything that the built files contain: the npm packages that are bundled and the crates that
// are compiled in.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const parts = [];

/** The licence texts in a package's folder. */
const texts = (folder) =>
  readdirSync(folder)
    .filter((name) => /^(licen[cs]e|copying|notice|unlicense)/i.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8').trim());

const lock = JSON.parse(readFileSync(join(root, 'web/package-lock.json'), 'utf8')).packages;
for (const [path, entry] of Object.entries(lock)) {
  const folder = join(root, 'web', path);
  // Types have no code in them.
  if (!path || entry.dev || path.includes('/@types/') || !existsSync(folder)) continue;
  parts.push({ name: path.replace(/^.*node_modules\//, ''), version: entry.version, license: entry.license, folder });
}

const cargo = (...args) => execFileSync('cargo', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
const target = ['wasm32-unknown-unknown'];
const linked = new Set(
  cargo('tree', '--locked', '-p', 'proxy-concurrency-wasm', '--target', ...target, '-e', 'normal,no-proc-macro',
    '--prefix', 'none', '-f', '{p}').split('\n').map((line) => line.split(' ').slice(0, 2).join(' ')),
);
const metadata = JSON.parse(cargo('metadata', '--locked', '--format-version', '1', '--filter-platform', ...target));
for (const { name, version, license, source, manifest_path: manifest } of metadata.packages) {
  if (source && linked.has(`${name} v${version}`)) parts.push({ name, version, license, folder: dirname(manifest) });
}

parts.sort((a, b) => (a.name < b.name ? -1 : 1));
console.log('The built files contain these packages, each under its own licence.');
for (const { name, version, license, folder } of parts) {
  console.log(`\n${'='.repeat(80)}\n${name} ${version} (${license})\n`);
  console.log(texts(folder).join('\n\n') || 'The package has no licence text of its own.');
}
