// Every call of every row of the reference tables, natively and in WebAssembly: the same bytes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { example, root } from '../src/vectors.mjs';

/** Calls of each table's rows: a name, then columns, or numbers where there is no such column. */
const CALLS = {
  erlang_b: ['erlang_b a c', 'erlang_b_complement a c', 'erlang_b_ln a c'],
  erlang_c: ['erlang_c a c', 'erlang_c_complement a c', 'erlang_c_ln a c'],
  erlang_c_wait: [
    'wait_mean a c mu', 'wait_exceeds a c mu t', 'wait_quantile a c mu 0.5', 'wait_quantile a c mu 0.95', 'wait_quantile a c mu 0.99',
    'wait_quantile a c mu 0.999',
  ],
  erlang_b_inverse_c: ['servers_for_blocking a eps'],
  erlang_b_inverse_a: ['load_for_blocking c eps'],
  erlang_c_inverse_c: ['servers_for_waiting a eps'],
  erlang_c_inverse_a: ['load_for_waiting c eps'],
  wait_inverse_c: ['servers_for_wait a mu t eps'],
  poisson_quantile: ['poisson_quantile a p'],
  mmck: ['mmck_block a c k', 'mmck_accept a c k', 'mmck_wait a c k', 'mmck_queue a c k', 'mmck_wait_mean a c k'],
  retry_fixed_point: ['retry_load a c q r', 'retry_success a c q r'],
  retry_timeout: ['retry_timeout_load a c tau q r', 'retry_timeout_fold c tau q r', 'retry_timeout_recover c q r'],
};

const folder = new URL('../vectors/', import.meta.url);

/** The rows of a table as records. */
function table(name) {
  const [columns, ...rows] = readFileSync(new URL(`${name}.csv`, folder), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(','));
  assert.ok(rows.length > 0 && rows.every((row) => row.length === columns.length), name);
  return rows.map((row) => new Map(columns.map((column, i) => [column, row[i]])));
}

/** The lines a program answers. Calls and answers are files: a pipe of Node's does not block, and WASI passes its EAGAIN on. */
function answers(calls, program, ...args) {
  const scratch = mkdtempSync(join(tmpdir(), 'evaluate-'));
  const [input, output] = ['calls', 'answers'].map((name) => join(scratch, name));
  writeFileSync(input, `${calls.join('\n')}\n`);
  const [stdin, stdout] = [openSync(input, 'r'), openSync(output, 'w')];
  try {
    execFileSync(program, args, { cwd: root, stdio: [stdin, stdout, 'pipe'] });
    return readFileSync(output, 'utf8').split('\n');
  } finally {
    closeSync(stdin);
    closeSync(stdout);
    rmSync(scratch, { recursive: true });
  }
}

test('the same bits natively and in wasm on every row of every table', () => {
  const tables = readdirSync(folder).filter((name) => name.endsWith('.csv')).map((name) => name.slice(0, -4));
  assert.deepEqual(Object.keys(CALLS).sort(), tables.sort());
  const calls = tables.flatMap((name) => table(name).flatMap((row) => CALLS[name].map((call) => call.split(' ').map((word, i) => (i ? row.get(word) ?? word : word)).join(' '))));
  // As many as the tables hold: a table that shrinks or a call that is dropped is seen.
  assert.equal(calls.length, 7073);
  const native = answers(calls, example('evaluate'));
  const wasi = fileURLToPath(new URL('../src/evaluate-wasi.mjs', import.meta.url));
  const wasm = answers(calls, process.execPath, '--disable-warning=ExperimentalWarning', wasi, `${example('evaluate', 'wasm32-wasip1')}.wasm`);
  assert.equal(native.length, calls.length + 1);
  assert.equal(wasm.length, calls.length + 1);
  const apart = calls.flatMap((call, i) => (native[i] === wasm[i] ? [] : [`${call}: natively ${native[i]}, in wasm ${wasm[i]}`]));
  assert.deepEqual(apart.slice(0, 20), [], `${apart.length} calls differ`);
  // No row asks for what cannot be answered; 17 digits tell every double from its neighbours.
  assert.deepEqual(native.slice(0, -1).filter((answer) => !/^-?(\d+|\d\.\d{16}e-?\d+|-?inf)$/.test(answer)), []);
});
