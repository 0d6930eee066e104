/** The lines that an author pastes, by what the site is made with. Pure; whatever was typed comes out as data. */

export interface Choice {
  /** Address of the folder with the script, as pages write it: ends with a slash. */
  folder: string;
  /** Attributes in their order; `true` for those that are merely there. */
  attributes: readonly (readonly [name: string, value: string | true])[];
  /** What is read where the calculator does not run. */
  fallback: string;
  /** Hash of the script, where it is asked for. */
  integrity?: string | undefined;
  /** What the iframe needs, in CSS pixels. */
  height: number;
}

/** One thing to do, and the lines for it. */
export interface Step {
  what: string;
  code: string;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;', '\r': '&#13;', '{': '&#123;', '}': '&#125;' };
/** For text and quoted attributes, also where a template language or MDX reads braces. A line break would end some generators' HTML. */
export const escape = (text: string): string => text.replace(/[&<>"\n\r{}]/g, (c) => ENTITIES[c]!);

const written = (attributes: Choice['attributes']): string[] => attributes.map(([name, value]) => (value === true ? name : `${name}="${escape(value)}"`));

function tag(name: string, attributes: readonly string[], indent: string): string {
  const line = [name, ...attributes].join(' ');
  return line.length + indent.length < 100 ? `<${line}>` : `<${name}\n${attributes.map((attribute) => `${indent}  ${attribute}`).join('\n')}>`;
}

/** In a figure: Markdown takes unknown tags for words in a paragraph. No line in it is empty, which would end the HTML. */
export const element = ({ attributes, fallback }: Choice): string =>
  `<figure>\n  ${tag('proxy-concurrency', written(attributes), '  ')}\n    <p>${escape(fallback)}</p>\n  </proxy-concurrency>\n</figure>`;

const trusted = ({ integrity }: Choice): (readonly [string, string])[] => (integrity ? [['integrity', integrity], ['crossorigin', 'anonymous']] : []);

function script(choice: Choice, src = `${escape(choice.folder)}proxy-concurrency.js`): string {
  return `<script ${['type="module"', `src="${src}"`, ...written(trusted(choice))].join(' ')}></script>`;
}

export function frame({ folder, attributes, height }: Choice): string {
  const query = new URLSearchParams(attributes.map(([name, value]): [string, string] => [name, value === true ? '' : value]));
  // Readable where an address allows it.
  const asked = String(query).replace(/%2C/g, ',').replace(/=(?=&|$)/g, '');
  const address = `${folder}frame.html${asked ? `?${asked}` : ''}`;
  return `<iframe src="${escape(address)}"\n  title="How many concurrent proxy connections do you need?" width="100%" height="${height}" loading="lazy"`
    + ` allow="clipboard-write"></iframe>`;
}

/** As a string of JavaScript, Python or YAML. */
const quoted = (text: string): string => JSON.stringify(text).replace(/</g, '\\u003c');
/** The folder as a generator's own helper for addresses takes it. */
const inside = ({ folder }: Choice): string => `${folder.replace(/^[a-z]+:\/\/[^/]*|^\/+|\/+$/gi, '').replace(/^\/+|\/+$/g, '') || 'proxy-concurrency'}/proxy-concurrency.js`;
const record = (entries: readonly (readonly [string, string])[]): string => `{ ${entries.map(([name, value]) => `${name}: ${quoted(value)}`).join(', ')} }`;
const source = (choice: Choice): (readonly [string, string])[] => [['type', 'module'], ['src', `${choice.folder}proxy-concurrency.js`], ...trusted(choice)];
const ON_PAGE = 'On the page';
const copied = (to: string): string => `Copy the folder to ${to}`;

/** By the word that the author chooses; the first is what most will need. */
export const SITES: Record<string, (choice: Choice) => Step[]> = {
  'Any HTML page': (choice) => [
    { what: 'In the head, once', code: script(choice) },
    { what: ON_PAGE, code: element(choice) },
  ],
  'An iframe, no script on the page': (choice) => [{ what: ON_PAGE, code: frame(choice) }],
  'A bundler (npm)': (choice) => [
    { what: 'In a terminal', code: 'npm install proxy-concurrency' },
    { what: 'In a script of the site', code: `import 'proxy-concurrency/define';` },
    { what: ON_PAGE, code: element(choice) },
  ],
  mdBook: (choice) => [
    { what: `${copied('src/')}. In theme/head.hbs`, code: script(choice, `{{ path_to_root }}${escape(inside(choice))}`) },
    { what: ON_PAGE, code: element(choice) },
  ],
  'MkDocs, Material': (choice) => [
    { what: `${copied('docs/')}. In mkdocs.yml`, code: `extra_javascript:\n  - path: ${quoted(inside(choice))}\n    type: module` },
    { what: ON_PAGE, code: element(choice) },
  ],
  Sphinx: (choice) => [
    {
      what: `${copied('_static/')}. In conf.py`,
      code: `html_static_path = ["_static"]\nhtml_js_files = [(${quoted(inside(choice))}, {${
        [['type', 'module'] as const, ...trusted(choice)].map(([name, value]) => `${quoted(name)}: ${quoted(value)}`).join(', ')}})]`,
    },
    { what: `${ON_PAGE}, in reStructuredText`, code: `.. raw:: html\n\n${element(choice).replace(/^/gm, '   ')}` },
    { what: 'Or in MyST Markdown', code: element(choice) },
  ],
  Docusaurus: (choice) => [
    { what: `${copied('static/')}. In docusaurus.config.js`, code: `scripts: [${record(source(choice))}],` },
    { what: ON_PAGE, code: element(choice) },
  ],
  VitePress: (choice) => [
    {
      what: `${copied('public/')}. In .vitepress/config.js`,
      code: `head: [['script', ${record(source(choice))}]],\nvue: { template: { compilerOptions: { isCustomElement: (tag) => tag === 'proxy-concurrency' } } },`,
    },
    { what: ON_PAGE, code: element(choice) },
  ],
  'Astro Starlight': (choice) => [
    { what: `${copied('public/')}. In astro.config.mjs, of starlight()`, code: `head: [{ tag: 'script', attrs: ${record(source(choice))} }],` },
    { what: ON_PAGE, code: element(choice) },
  ],
  Hugo: (choice) => [
    { what: `${copied('static/')}. In the layout's head`, code: script(choice, `{{ ${quoted(inside(choice))} | relURL }}`) },
    { what: 'In hugo.toml, to let HTML through', code: '[markup.goldmark.renderer]\n  unsafe = true' },
    { what: ON_PAGE, code: element(choice) },
  ],
  Jekyll: (choice) => [
    { what: `${copied('the site')}. In the layout's head`, code: script(choice, `{{ ${quoted(`/${inside(choice)}`)} | relative_url }}`) },
    { what: ON_PAGE, code: element(choice) },
  ],
};
