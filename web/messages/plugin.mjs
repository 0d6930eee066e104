// Messages for esbuild, as modules: `words:SECTION` is a section in English, `words:languages` loads the other languages.
import { fileURLToPath } from 'node:url';
import { FIRST, SOURCE, fileOf, languages, read, tree } from './compile.mjs';

/** The source of the module `words:NAME`. `made` are languages that no file has, by their tags: tests make some up. */
export function moduleOf(name, made = {}) {
  const source = read(SOURCE);
  if (name in source) return `export default ${tree(source[name], source[name], SOURCE, name)};`;
  const others = [...languages().filter((tag) => tag !== SOURCE), ...Object.keys(made)];
  if (name === 'languages') return `export default {${others.map((tag) => `${JSON.stringify(tag)}:()=>import("words:${tag}")`).join(',')}};`;
  const [, tag, more] = /^(.*?)(\.more)?$/.exec(name);
  if (!others.includes(tag)) throw new Error(`messages/${SOURCE}.json has no section ${name}`);
  const part = Object.fromEntries(Object.entries(source).filter(([section]) => FIRST.includes(section) === !more));
  return `export default ${tree(part, made[tag] ?? read(tag), tag)};${more ? '' : `export const rest=()=>import("words:${tag}.more");`}`;
}

export const wordsWith = (made) => ({
  name: 'words',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^words:/ }, ({ path }) => ({ path: path.slice('words:'.length), namespace: 'words' }));
    onLoad({ filter: /.*/, namespace: 'words' }, ({ path }) => ({
      contents: moduleOf(path, made), loader: 'js', watchFiles: languages().map((tag) => fileURLToPath(fileOf(tag))),
    }));
  },
});

export const words = wordsWith({});
