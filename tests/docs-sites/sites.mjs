// The sites: how each is built, and how a reader gets around in it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = fileURLToPath(new URL('.', import.meta.url));
export const root = fileURLToPath(new URL('../..', import.meta.url));
const tools = join(root, '.tools/docs-sites');
/** Where scripts/docs-sites installed the generators of Node.js. */
export const npm = join(tools, 'npm');
const python = (name) => join(tools, 'python/bin', name);

const mdbook = {
  command: (out) => [join(tools, 'mdbook/bin/mdbook'), 'build', '--dest-dir', out],
  two: 'guide/two.html',
};
const mkdocs = {
  command: (out) => [python('mkdocs'), 'build', '--quiet', '--strict', '--site-dir', out],
  two: 'guide/two/',
  inPlace: true,
};
const sphinx = {
  command: (out) => [python('sphinx-build'), '--quiet', '--fail-on-warning', '--builder', 'html', '.', out],
  two: 'guide/two.html',
};
const hugo = {
  command: (out) => [python('hugo'), '--quiet', '--destination', out],
  two: 'guide/two/',
};

/**
 * `guide` is the page of docs/embedding that says how the calculator gets into such a site; `from` are the folders of the site's files,
 * a later one over an earlier one; `way` is how the calculator gets there: the copied folder, or the npm package; `command(out)` builds
 * into `out`. `two` is the address of the page with two calculators; `inPlace` says that a link changes the page without loading it anew.
 */
export const SITES = {
  mdbook: { guide: 'mdbook', from: ['mdbook'], way: 'folder', ...mdbook },
  mkdocs: { guide: 'mkdocs', from: ['mkdocs'], way: 'folder', ...mkdocs },
  sphinx: { guide: 'sphinx', from: ['sphinx'], way: 'folder', ...sphinx },
  hugo: { guide: 'hugo', from: ['hugo'], way: 'folder', ...hugo },
};

/** What is not installed of what a site needs; null if all is there. */
export function absent({ command }) {
  const missing = command('').filter((word) => word.startsWith(tools) && !existsSync(word));
  return missing.length > 0 ? `not installed: ${missing.map((path) => path.slice(root.length)).join(', ')} (scripts/docs-sites installs it)` : null;
}
