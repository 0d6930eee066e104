// What the wasm and the page tests share: the vector files, the native answers, and comparison to the last bit.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = new URL('../vectors/', import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')).rows;

const COUNTED = ['route', 'innerHttp', 'upstreamHttp', 'maxConcurrentStreams', 'parallelRequests', 'destinations', 'warm'];

/** The rows of `connections.json`, which name what was counted and leave the load open. */
function counted() {
  return read('connections').map((row) => {
    const given = Object.fromEntries(COUNTED.flatMap((key) => (row[key] === null ? [] : [[key, row[key]]])));
    // What the rows say in words: this client holds requests back, and these destinations are http://.
    if (row.name === 'connect_h2_inside_150_vs_max_streams_100') given.overStreamLimit = 'wait';
    if (row.name === 'socks5_http') given.originTls = false;
    const want = Object.fromEntries(Object.entries(row.counted).map(([key, count]) => [`connections.${key}`, count]));
    return { name: `connections: ${row.name}`, input: { arrivalRate: 1, responseTime: 1, ...given }, want };
  });
}

/** Every row `{name, input, want, within?}` of every file. */
export function rows() {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5));
  return files.flatMap((file) => {
    if (file === 'refusals') return [];
    if (file === 'connections') return counted();
    return read(file).map((row) => ({ ...row, name: `${file}: ${row.name}` }));
  });
}

/** Rows `{name, input, errors, typed?}` of bad input. */
export const refusals = () => read('refusals');

/** JSON with what JSON cannot write put in; see tests/vectors/README.md. */
export function special(json) {
  if (Array.isArray(json)) return json.map(special);
  if (typeof json !== 'object' || json === null) return json;
  if (typeof json.$number === 'string') return { NaN: NaN, inf: Infinity, '-inf': -Infinity, '-0': -0 }[json.$number];
  if ('$repeat' in json) {
    return typeof json.$repeat === 'string' ? json.$repeat.repeat(json.times) : Array(json.times).fill(special(json.$repeat));
  }
  // Own properties, also one called __proto__.
  const record = {};
  for (const [name, value] of Object.entries(json)) {
    Object.defineProperty(record, name, { value: special(value), enumerable: true, writable: true, configurable: true });
  }
  return record;
}

/** Whether JSON can write all of `json` as it is. */
export const plain = (json) => !/"\$(number|repeat)"/.test(JSON.stringify(json) ?? '');

/** What stands at a dotted path. */
export const at = (report, path) => path.split('.').reduce((json, part) => json?.[part], report);

/** Every place in which a tree differs from the one wanted: its numbers compared to the last bit, or to a relative error. */
export function differences(a, b, path = '', within = 0) {
  const isRecord = (x) => typeof x === 'object' && x !== null;
  if (!isRecord(a) || !isRecord(b) || Array.isArray(a) !== Array.isArray(b)) {
    const near = within > 0 && typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) <= within * Math.abs(b);
    return near || Object.is(a, b) ? [] : [`${path || 'it'}: ${String(a)}, not ${String(b)}`];
  }
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].flatMap((name) => {
    const here = path ? `${path}.${name}` : name;
    if (!(name in a)) return [`${here} is missing`];
    if (!(name in b)) return [`${here} is too much`];
    return differences(a[name], b[name], here, within);
  });
}

/** The number of numbers in a tree. */
export function numbers(tree) {
  if (typeof tree === 'number') return [tree];
  return typeof tree === 'object' && tree !== null ? Object.values(tree).flatMap(numbers) : [];
}

const built = new Map();

/** The path of an example of the core, which is built first. */
export function example(name, target) {
  const key = `${name} ${target}`;
  if (!built.has(key)) {
    // Natively as the tests build it (the core is optimised there too): a release build of all that another example needs takes minutes.
    const where = target ? ['--release', '--target', target] : [];
    execFileSync('cargo', ['build', '--quiet', '-p', 'proxy-concurrency', '--example', name, ...where], { cwd: root, stdio: 'inherit' });
    built.set(key, join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), target ? `${target}/release` : 'debug', 'examples', name));
  }
  return built.get(key);
}

/** Status and parsed output of a native example, `size` where no other is named. */
export function native(input, name = 'size') {
  const { status, stdout, error } = spawnSync(example(name), { input: JSON.stringify(input) ?? '', encoding: 'utf8' });
  if (error) throw error;
  return { status, answer: JSON.parse(stdout) };
}

/** What the native core simulates of a scenario. */
export function simulatedNatively(scenario) {
  const { stdout, error } = spawnSync(example('simulate'), { input: JSON.stringify(scenario), encoding: 'utf8' });
  if (error) throw error;
  return JSON.parse(stdout);
}

/** The one name of a field as attributes and URLs write it. */
export const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
