// Writes custom-elements.json, which tells editors and tools what the element takes and does: its JSDoc, and an attribute for each field
// of the core. From it come the files that VS Code and the JetBrains editors read. `npm pack` runs it; a build has to come first.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { create, ts } from '@custom-elements-manifest/analyzer';
import { generateJetBrainsWebTypes } from 'custom-element-jet-brains-integration';
import { generateVsCodeCustomElementData } from 'custom-element-vs-code-integration';
import { loadAdvice, loadEngine, loadExceeded } from './lib/engines-node.js';
import { SOURCE as ENGLISH, read } from './messages/compile.mjs';

const web = fileURLToPath(new URL('.', import.meta.url));
const SOURCE = 'src/proxy-concurrency-element.ts';
const { name, version } = JSON.parse(readFileSync(join(web, 'package.json'), 'utf8'));

const { modules: [{ declarations }] } = create({
  modules: [ts.createSourceFile(SOURCE, readFileSync(join(web, SOURCE), 'utf8'), ts.ScriptTarget.ES2022, true)],
});
const element = declarations.find(({ tagName }) => tagName === 'proxy-concurrency');
const { fields } = await loadEngine();
const { environmentFields } = await loadAdvice();
const { simulationFields } = await loadExceeded();
const { help, environmentHelp, simulationHelp } = read(ENGLISH);
const helps = { ...help, ...environmentHelp, ...simulationHelp };

const styles = readFileSync(join(web, 'src/styles.ts'), 'utf8');
const declared = {
  ...element,
  // What stands where a page sets nothing.
  cssProperties: element.cssProperties.map((property) => ({ ...property, default: styles.split(`var(${property.name}, `)[1]?.split(/\);\n/)[0] })),
  superclass: { name: 'HTMLElement' },
  // The analyzer takes a write to the shadow root for a property of the element.
  members: element.members.filter(({ name, privacy }) => privacy !== 'private' && name !== 'adoptedStyleSheets'),
  attributes: [...element.attributes, ...[...fields, ...environmentFields(), ...simulationFields()].map(attribute)],
};
const exported = (kind, name) => ({ kind, name, declaration: { name: element.name, module: 'lib/index.js' } });
const manifest = {
  schemaVersion: '2.1.0',
  readme: 'README.md',
  modules: [
    { kind: 'javascript-module', path: 'lib/index.js', declarations: [declared], exports: [exported('js', element.name)] },
    { kind: 'javascript-module', path: 'lib/define.js', declarations: [], exports: [exported('js', element.name), exported('custom-element-definition', element.tagName)] },
  ],
};

/** A field of the core as the attribute that presets it. */
function attribute({ name: field, takes, unit }) {
  const name = field.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
  const type = {
    number: 'number', switch: 'boolean', choice: takes.options?.map((option) => `'${option}'`).join(' | '), numbers: 'string', tiers: 'string',
  }[takes.kind];
  const limits = takes.kind === 'number' ? ` From ${takes.min} to ${takes.max}${unit ? ` ${unit}` : ''}.` : '';
  return {
    name,
    type: { text: type },
    description: `${helps[name]}.${limits}`,
    ...((takes.default ?? null) === null ? {} : { default: JSON.stringify(takes.default) }),
  };
}

writeFileSync(join(web, 'custom-elements.json'), `${JSON.stringify(manifest, null, 2)}\n`);
const options = { outdir: web, hideLogs: true };
generateVsCodeCustomElementData(manifest, options);
generateJetBrainsWebTypes(manifest, { ...options, packageJson: false, packageName: name, version });
