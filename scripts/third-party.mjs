// Prints the licences of everything that the built files contain: the npm packages that are bundled and the crates that
// are compiled in. With the word `crates` of these alone, for the npm package: there the others are dependencies.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const parts = [];

/** The licence texts in a package's folder; of a choice that has it, MIT's alone. */
function texts(folder, license) {
  const all = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice|unlicense)/i.test(name));
  const mit = /\bOR\b/.test(license) && !/\bAND\b/.test(license) && all.filter((name) => /mit/i.test(name));
  return (mit?.length ? mit : all).map((name) => readFileSync(join(folder, name), 'utf8').trim());
}

const lock = JSON.parse(readFileSync(join(root, 'web/package-lock.json'), 'utf8')).packages;
for (const [path, entry] of process.argv[2] === 'crates' ? [] : Object.entries(lock)) {
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
// Each text once, with the packages that it is for.
const users = new Map();
console.log('The built files contain these packages, and the Rust standard library (MIT OR Apache-2.0).\n');
for (const { name, version, license, folder } of parts) {
  const found = texts(folder, license);
  console.log(`${name} ${version} (${license})${found.length ? '' : ', which comes without a licence text'}`);
  for (const text of found) users.set(text, [...(users.get(text) ?? []), name]);
}
for (const [text, names] of users) console.log(`\n${'='.repeat(80)}\n${names.join(', ')}\n\n${text}`);
