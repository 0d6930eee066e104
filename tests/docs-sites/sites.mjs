// The sites: how each is built, and how a reader gets around in it.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
/** What `scripts/docs-sites` installed. */
export const tools = join(root, '.tools/docs-sites');
const python = (name) => join(tools, 'python/bin', name);

/**
 * `build(out)` is the command that builds the site in the present folder to `out`; `guide` the page of docs/embedding that
 * says how the calculator got into it. `two` is the address of the page in a folder, `inPlace` whether a link changes the
 * page without loading it anew. `source` is the folder of its files, if not the name's; `over` has files that replace some.
 */
export const SITES = {
  mdbook: {
    guide: 'mdbook',
    build: (out) => [join(tools, 'mdbook/bin/mdbook'), 'build', '--dest-dir', out],
    two: 'guide/two.html',
  },
  mkdocs: {
    guide: 'mkdocs',
    build: (out) => [python('mkdocs'), 'build', '--quiet', '--strict', '--site-dir', out],
    two: 'guide/two/',
    inPlace: true,
  },
  sphinx: {
    guide: 'sphinx',
    build: (out) => [python('sphinx-build'), '--quiet', '--fail-on-warning', '--builder', 'html', '.', out],
    two: 'guide/two.html',
  },
  hugo: {
    guide: 'hugo',
    build: (out) => [python('hugo'), '--quiet', '--destination', out],
    two: 'guide/two/',
  },
};
