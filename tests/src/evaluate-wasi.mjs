// Runs an `evaluate` that was built for wasm32-wasip1: calls on standard input, one a line, answers on standard output.
// Usage: node tests/src/evaluate-wasi.mjs EVALUATE.wasm < calls > answers
// Both should be files: WASI reports a pipe that is empty or full for a moment as an error instead of waiting.
import { readFile } from 'node:fs/promises';
import { argv, exit } from 'node:process';
import { WASI } from 'node:wasi';

const wasi = new WASI({ version: 'preview1', args: ['evaluate'] });
const module = await WebAssembly.compile(await readFile(argv[2]));
exit(wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject())));
