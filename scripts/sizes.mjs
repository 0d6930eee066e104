// Bytes of the page: up to the first working answer, with what they are made of and beside others; then each file of web/dist raw, by
// gzip -9 and by brotli 11. `node scripts/sizes.mjs` after `make build`.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import limits from '../web/.size-limit.mjs';

const web = fileURLToPath(new URL('../web/', import.meta.url));
const dist = join(web, 'dist/');
const sizes = (path) => {
  const bytes = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes, { params }).length];
};
const show = (table) => {
  const texts = table.map((row) => row.map((cell) => cell.toLocaleString('en')));
  const width = texts[0].map((_, column) => Math.max(...texts.map((row) => row[column].length)));
  for (const row of texts) console.log(row.map((text, column) => (column === 0 ? text.padEnd(width[0]) : text.padStart(width[column]))).join('  '));
};

/** The first answer's files; a script's parts by their share of its bytes before compression. */
const [{ path: first }] = limits;
const { outputs } = JSON.parse(readFileSync(join(web, 'pkg/metafile.json'), 'utf8'));
const KINDS = [['Lit', /node_modules\/(@lit|lit)/], ['WebAssembly glue', /^pkg\//], ['words', /^(words:|messages\/)|\/messages/], ['element', /^src\//]];
const made = first.flatMap((path) => {
  const [raw, gzip, brotli] = sizes(join(web, path));
  const inputs = Object.entries(outputs[path]?.inputs ?? {});
  const parts = [...KINDS, ['other', /./]].map(([kind], i, all) => {
    const of = inputs.filter(([input]) => all.findIndex(([, pattern]) => pattern.test(input)) === i);
    return [kind, of.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0) / raw];
  });
  return [[path.replace('dist/', ''), raw, gzip, brotli], ...parts.filter(([, share]) => share > 0.005).map(([kind, share]) =>
    [`  of it ${kind}, about`, ...[raw, gzip, brotli].map((n) => Math.round(n * share))])];
});
const total = (rows, column) => rows.filter(([name]) => !name.startsWith(' ')).reduce((sum, row) => sum + row[column], 0);
console.log('Up to the first working answer, page not counted');
show([
  ['file', 'raw', 'gzip', 'brotli'], ...made,
  [`sum, ${first.length} requests`, ...[1, 2, 3].map((column) => total(made, column))],
  // Measured in the same way: everything up to a first working widget.
  ['  asciinema-player 3.18.0, 2 requests', 246_064, 88_793, 77_446],
  ['  pagefind 1.6.0, first search, 3 requests', 149_914, 85_558, 83_024],
]);

const rows = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .map((path) => [path.slice(dist.length), ...sizes(path)])
  .sort((a, b) => b[1] - a[1]);
console.log('\nAll files');
show([['file', 'raw', 'gzip', 'brotli'], ...rows, ['sum', ...[1, 2, 3].map((column) => total(rows, column))]]);
