// What a reader loads up to the first working answer: the entry with all that it imports at once, and the WebAssembly.
// Panels come after it.
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

const dist = new URL('dist/', import.meta.url);
const files = new Set(['proxy-concurrency.js']);
// A set visits what is added while it is walked.
for (const file of files) {
  const text = readFileSync(new URL(file, dist), 'utf8');
  for (const [, imported] of text.matchAll(/\b(?:import|from)\s*["'](\.[^"']+)["']/g)) files.add(posix.join(posix.dirname(file), imported));
}

export default [
  {
    name: 'up to the first working answer',
    path: [...files, 'proxy_concurrency_bg.wasm'].map((file) => `dist/${file}`),
    brotli: true,
    limit: '46 kB',
  },
];
