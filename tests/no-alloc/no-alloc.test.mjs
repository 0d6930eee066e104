// Runs the core without `alloc`. The program is built first: `scripts/test` does, or
//   cargo build --release --manifest-path tests/no-alloc/Cargo.toml --target wasm32-unknown-unknown --target-dir target
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';

const file = new URL('../../target/wasm32-unknown-unknown/release/proxy_concurrency_no_alloc.wasm', import.meta.url);
const bytes = readFileSync(file);
const module = new WebAssembly.Module(bytes);
let core;

before(() => {
  core = new WebAssembly.Instance(module).exports;
});

test('needs nothing from its host, and exports its functions only', () => {
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  const functions = WebAssembly.Module.exports(module).filter(({ kind }) => kind === 'function');
  assert.deepEqual(functions.map(({ name }) => name).sort(), [
    'blocking', 'client_connections', 'mean', 'open_connections', 'required', 'waiting',
  ]);
});

test('has no allocator in it', () => {
  // The names of all functions, its own and those it links with, stand in the `name` section.
  const [names] = WebAssembly.Module.customSections(module, 'name');
  const text = new TextDecoder('latin1').decode(names);
  assert.match(text, /proxy_concurrency/, 'names were stripped: this test would see nothing');
  assert.doesNotMatch(text, /rust_alloc|rust_realloc|rdl_alloc|dlmalloc|liballoc|\balloc::/);
});

test('sizes: offered load, headroom, whole connections', () => {
  assert.equal(core.mean(50, 2.5), 125);
  assert.equal(core.required(125, 0.25), 157);
  assert.equal(core.required(100, 0.1), 110);
  assert.equal(core.required(core.mean(180_000 / 3600, 3), 0), 150);
});

test('charges what the plan counts: 50 per second, 2.5 s, 15 s idle are 875 open connections', () => {
  assert.equal(core.open_connections(50, 2.5, 15), 875);
});

test('accounts: 125 requests are 125 connections over HTTP/1.1 and 2 over HTTP/2', () => {
  assert.equal(core.client_connections(125, 0, 100), 125);
  assert.equal(core.client_connections(125, 1, 100), 2);
});

test('Erlang: two servers, one erlang', () => {
  // B = (1/2) / (1 + 1 + 1/2); C = B / (1 - (1/2)(1 - B)).
  assert.ok(Math.abs(core.blocking(1, 2) - 1 / 5) < 1e-15);
  assert.ok(Math.abs(core.waiting(1, 2) - 1 / 3) < 1e-15);
  for (const wrong of [NaN, Infinity, -1]) assert.ok(Number.isNaN(core.blocking(wrong, 2)), `load ${wrong}`);
});

test('refuses at the door', () => {
  for (const wrong of [NaN, Infinity, -1, 1e308]) {
    assert.ok(Number.isNaN(core.mean(wrong, 1)), `rate ${wrong}`);
    assert.ok(Number.isNaN(core.mean(1, wrong)), `response time ${wrong}`);
    assert.ok(Number.isNaN(core.open_connections(1, 1, wrong)), `idle time ${wrong}`);
  }
});

test('keeps to the memory it starts with', () => {
  const start = core.memory.buffer.byteLength;
  for (let n = 0; n < 10_000; n += 1) core.required(core.mean(n, 1.5), 0.25);
  assert.equal(core.memory.buffer.byteLength, start);
});
