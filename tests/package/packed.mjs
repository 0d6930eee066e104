// The npm package as `npm pack` makes it of the build, unpacked where an application would have it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../src/vectors.mjs';

export const web = join(root, 'web');

/** `files` are the packed paths; `run` starts Node in an application that has the package. */
export function pack() {
  const app = mkdtempSync(join(tmpdir(), 'proxy-concurrency-package-'));
  const [{ filename, files }] = JSON.parse(
    // Not the scripts' own words, which npm prints between: the answer is the last of it.
    execFileSync('npm', ['pack', '--json', '--pack-destination', app], { cwd: web, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).replace(/^[^]*?(?=^\[\n)/m, ''),
  );
  const tarball = join(app, filename);
  const folder = join(app, 'node_modules/proxy-concurrency');
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components', '1']);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const name of Object.keys(manifest.dependencies)) {
    mkdirSync(dirname(join(app, 'node_modules', name)), { recursive: true });
    symlinkSync(join(web, 'node_modules', name), join(app, 'node_modules', name));
  }
  writeFileSync(join(app, 'package.json'), '{ "type": "module" }\n');
  return {
    app, folder, tarball, manifest, files: files.map(({ path }) => path).sort(),
    run: (code) => execFileSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: app, encoding: 'utf8' }),
    remove: () => rmSync(app, { recursive: true }),
  };
}
