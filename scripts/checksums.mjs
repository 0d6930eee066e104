// Writes SHA256SUMS (for `sha256sum -c`) and integrity.json (for `integrity="…"`) of every file in a folder.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const own = ['SHA256SUMS', 'integrity.json'];
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !own.includes(entry.name))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .sort();
const name = (file) => file.slice(folder.length).replace(/^\/+/, '');
const digest = (file, algorithm, encoding) => createHash(algorithm).update(readFileSync(file)).digest(encoding);

writeFileSync(join(folder, own[0]), files.map((file) => `${digest(file, 'sha256', 'hex')}  ${name(file)}\n`).join(''));
// Only what a page loads has a use for it.
const loaded = files.filter((file) => /\.(js|wasm)$/.test(file));
const integrity = Object.fromEntries(loaded.map((file) => [name(file), `sha384-${digest(file, 'sha384', 'base64')}`]));
writeFileSync(join(folder, own[1]), `${JSON.stringify(integrity, null, 2)}\n`);
