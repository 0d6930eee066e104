// Bytes of each file in web/dist: raw, gzip -9 and brotli 11. `node scripts/sizes.mjs` after `make build`.
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../web/dist/', import.meta.url));
const rows = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => {
    const path = `${entry.parentPath ?? entry.path}/${entry.name}`;
    const bytes = readFileSync(path);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    const name = path.slice(dist.length).replace(/^\/+/, '');
    return [name, bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes, { params }).length];
  })
  .sort((a, b) => b[1] - a[1]);
const sum = (column) => rows.reduce((total, row) => total + row[column], 0);
const table = [['file', 'raw', 'gzip', 'brotli'], ...rows, ['sum', sum(1), sum(2), sum(3)]];
const width = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column].toLocaleString('en').length)));
for (const row of table) {
  const cells = row.map((cell, column) => {
    const text = cell.toLocaleString('en');
    return column === 0 ? text.padEnd(width[0]) : text.padStart(width[column]);
  });
  console.log(cells.join('  '));
}
