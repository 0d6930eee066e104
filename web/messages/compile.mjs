// Messages in ICU MessageFormat, with tags, as JavaScript: so no parser is shipped, and nothing is evaluated in the page.
import { readFileSync, readdirSync } from 'node:fs';
import { TYPE, parse } from '@formatjs/icu-messageformat-parser';

const folder = new URL('./', import.meta.url);
export const SOURCE = 'en';
/** Sections that the first answer needs; the others come after it. */
export const FIRST = ['element', 'units', 'form', 'fields', 'answer'];
/** Tags that every message may use; all others are given by the code that shows the message. */
export const TAGS = ['b', 'em'];

/** Tags of the languages that have a file. */
export const languages = () => readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5)).sort();
export const read = (tag) => JSON.parse(readFileSync(new URL(`${tag}.json`, folder), 'utf8'));
export const fileOf = (tag) => new URL(`${tag}.json`, folder);

/** One message as the parser sees it. `#` and tags are read, dates and skeletons are not used. */
export function parsed(message) {
  return parse(message, { requiresOtherClause: true, shouldParseSkeletons: false });
}

/** Every element of a message, also those inside plurals, choices and tags. */
export function* elements(parts) {
  for (const part of parts) {
    yield part;
    for (const { value } of Object.values(part.options ?? {})) yield* elements(value);
    if (part.children) yield* elements(part.children);
  }
}

/** What a message is given: its placeholders by name with the kind of value, and its tags. */
export function takes(parts) {
  const [given, tags] = [new Map(), new Set()];
  for (const { type, value } of elements(parts)) {
    if (type === TYPE.tag) tags.add(value);
    else if ([TYPE.argument, TYPE.plural, TYPE.select].includes(type)) {
      const kind = type === TYPE.plural ? 'number' : 'text';
      if (given.has(value) && given.get(value) !== kind) throw new Error(`{${value}} is counted in one place and shown in another: show it by #`);
      given.set(value, kind);
    } else if (![TYPE.literal, TYPE.pound].includes(type)) {
      throw new Error(`{${value}} has a format: numbers and times come formatted`);
    }
  }
  const both = [...tags].find((tag) => given.has(tag));
  if (both) throw new Error(`<${both}> and {${both}} cannot both be given`);
  return { given, tags };
}

/** The message in `tag`'s language as an expression: a string, or a function of what it is given and of a speaker. */
export function expression(message, tag) {
  const parts = parsed(message);
  if (parts.every(({ type }) => type === TYPE.literal)) return JSON.stringify(parts.map(({ value }) => value).join(''));
  const rich = takes(parts).tags.size > 0;
  const body = joined(parts, { tag, rich });
  return `${body.includes('$.') ? '(p,$)' : 'p'}=>${body}`;
}

function joined(parts, context) {
  const all = parts.map((part) => piece(part, context));
  if (all.length === 1) return all[0];
  return context.rich ? `[${all.join(',')}]` : `(${all.join('+')})`;
}

function piece({ type, value, options, children, offset, pluralType }, context) {
  switch (type) {
    case TYPE.literal:
      return JSON.stringify(value);
    case TYPE.argument:
      return `p.${value}`;
    case TYPE.pound:
      return `$.number(p.${context.counted})`;
    case TYPE.tag:
      return `${TAGS.includes(value) ? '$' : 'p'}.${value}(${joined(children, context)})`;
    case TYPE.select: {
      const { other, ...cases } = options;
      const chosen = Object.entries(cases).map(([key, { value: parts }]) => `p.${value}===${JSON.stringify(key)}?${joined(parts, context)}:`);
      return `(${chosen.join('')}${joined(other.value, context)})`;
    }
    case TYPE.plural: {
      if (offset || pluralType !== 'cardinal') throw new Error(`{${value}}: neither offsets nor ordinals`);
      const forms = Object.entries(options).map(([key, { value: parts }]) => `${JSON.stringify(key)}:${joined(parts, { ...context, counted: value })}`);
      return `$.plural(${JSON.stringify(context.tag)},p.${value},{${forms.join(',')}})`;
    }
    default:
      throw new Error(`{${value}} has a format: numbers and times come formatted`);
  }
}

/** A section, or a part of one, as an expression. What a language leaves out is said in English. */
export function tree(source, translated, tag, path = '') {
  if (typeof source === 'string') {
    const own = typeof translated === 'string';
    try {
      return expression(own ? translated : source, own ? tag : SOURCE);
    } catch (error) {
      throw new Error(`messages/${own ? tag : SOURCE}.json, ${path}: ${error.message}`);
    }
  }
  const entries = Object.entries(source).map(([key, value]) => `${JSON.stringify(key)}:${tree(value, translated?.[key], tag, path ? `${path}.${key}` : key)}`);
  return `{${entries.join(',')}}`;
}

/** The TypeScript type of a section: a misspelt key or a missing placeholder does not compile. */
function type(source) {
  if (typeof source !== 'string') {
    return `{ ${Object.entries(source).map(([key, value]) => `readonly ${JSON.stringify(key)}: ${type(value)}`).join('; ')} }`;
  }
  const parts = parsed(source);
  const { given, tags } = takes(parts);
  if (given.size + tags.size === 0) return 'string';
  const rich = tags.size > 0;
  const needs = [
    ...[...given].map(([name, kind]) => `${name}: ${kind === 'number' ? 'number' : rich ? 'unknown' : 'string'}`),
    ...[...tags].filter((tag) => !TAGS.includes(tag)).map((tag) => `${tag}: (words: unknown) => unknown`),
  ];
  return `${rich ? 'Rich' : 'Text'}<{ ${needs.join('; ')} }>`;
}

export function declarations() {
  const source = read(SOURCE);
  const names = Object.keys(source);
  return `// Made by build.mjs from messages/${SOURCE}.json.
declare module 'words:types' {
  /** What messages are said with: numbers and plurals of the reader's language, and tags that every message may use. */
  export interface Speaker {
    number: (x: number) => string;
    plural: <T>(language: string, n: number, forms: Readonly<Record<string, T>>) => T;
${TAGS.map((tag) => `    ${tag}: (words: unknown) => unknown;`).join('\n')}
  }
  /** A message with placeholders. */
  export type Text<P> = (given: P, speaker: Speaker) => string;
  /** A message with tags, which is for lit to show. */
  export type Rich<P> = (given: P, speaker: Speaker) => unknown;
  export interface Sections {
${names.map((name) => `    readonly ${name}: ${type(source[name])};`).join('\n')}
  }
}
declare module 'words:languages' {
  import type { Sections } from 'words:types';
  interface Part { default: Partial<Sections>; rest: () => Promise<{ default: Partial<Sections> }> }
  const languages: Readonly<Record<string, () => Promise<Part>>>;
  export default languages;
}
${names.map((name) => `declare module 'words:${name}' {
  import type { Sections } from 'words:types';
  const words: Sections['${name}'];
  export default words;
}`).join('\n')}
`;
}
