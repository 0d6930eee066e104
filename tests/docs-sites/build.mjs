// Builds a site with its own tool, in a copy of its files.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { here, npm, root } from './sites.mjs';

const run = promisify(execFile);

/** Nothing is sent home, and nothing but errors is said. */
const QUIET = { ASTRO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', NO_UPDATE_NOTIFIER: '1', NO_COLOR: '1', NO_MKDOCS_2_WARNING: '1' };

const packed = mkdtempSync(join(tmpdir(), 'proxy-concurrency-packed-'));
process.on('exit', () => rmSync(packed, { recursive: true, force: true }));

/** What a site is given, made once: the folder of `make dist`, or the npm package, unpacked as npm would. `make build` comes first. */
const GIVEN = {
  folder: once(async () => {
    await run(join(root, 'scripts/dist'));
    cpSync(join(root, 'dist'), join(packed, 'dist'), { recursive: true });
    return join(packed, 'dist');
  }),
  npm: once(async () => {
    await run('npm', ['pack', '--silent', '--pack-destination', packed], { cwd: join(root, 'web') });
    await run('tar', ['-xzf', readdirSync(packed).find((name) => name.endsWith('.tgz'))], { cwd: packed });
    return join(packed, 'package');
  }),
};

function once(make) {
  let made;
  return () => (made ??= make());
}

/** Where a page of docs/embedding has the folder copied to, as its one sentence about that says. */
export function destination(guide) {
  const found = readFileSync(join(root, `docs/embedding/${guide}.md`), 'utf8').match(/^Copy `dist\/` to `([^`]+)\/`/m);
  if (!found) throw new Error(`docs/embedding/${guide}.md does not say where to copy dist/`);
  return found[1];
}

/** Builds into `out`, which is served as `home`. The copy is beside the npm packages, where Node.js finds them, and goes when the process does. */
export async function build({ name, guide, from, way, command }, out, home) {
  if (existsSync(npm)) mkdirSync(join(npm, 'sites'), { recursive: true });
  const folder = mkdtempSync(join(existsSync(npm) ? join(npm, 'sites') : tmpdir(), `${name}-`));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const source of from) cpSync(join(here, source), folder, { recursive: true });
  cpSync(await GIVEN[way](), join(folder, way === 'npm' ? 'node_modules/proxy-concurrency' : destination(guide)), { recursive: true });
  const [program, ...args] = command(out);
  try {
    await run(program, args, { cwd: folder, env: { ...process.env, ...QUIET, SITE_URL: home }, maxBuffer: 1 << 26 });
  } catch (error) {
    // The tool's own words, not Node's about it.
    throw new Error(`${name}: the build failed\n${error.stdout}${error.stderr}`.trim(), { cause: error.code });
  }
}
