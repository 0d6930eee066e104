// Every language says all that English says, with what English is given, in forms that the language has.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { TYPE } from '@formatjs/icu-messageformat-parser';
import { FIRST, SOURCE, elements, expression, languages, parsed, read, takes } from './compile.mjs';

const root = new URL('../../', import.meta.url);
const english = read(SOURCE);

const text = (tag) => readFileSync(new URL(`${tag}.json`, import.meta.url), 'utf8');

/** Messages by path: `answer.needed.tunnels`. */
const flat = (tree, path = []) => Object.entries(tree).flatMap(([key, value]) => (
  typeof value === 'object' ? flat(value, [...path, key]) : [[[...path, key].join('.'), value]]));
/** Placeholders with their kind, and tags, each once. */
const given = (message) => {
  const { given, tags } = takes(parsed(message));
  return { given: Object.fromEntries([...given].sort()), tags: [...tags].sort() };
};
/** The plural forms that a reader of the language meets in numbers as they occur here. */
const formsOf = (tag) => {
  const rules = new Intl.PluralRules(tag, { maximumFractionDigits: 2 });
  return new Set([...Array.from({ length: 1001 }, (_, n) => n), 0.5, 1.5, 2.25].map((n) => rules.select(n)));
};

for (const tag of languages()) {
  const own = new Map(flat(read(tag)));
  const source = new Map(flat(english));

  test(`${tag}: is a language that Intl knows, under its shortest tag`, () => {
    assert.deepEqual(Intl.PluralRules.supportedLocalesOf(tag), [tag]);
    const { language, script } = new Intl.Locale(tag).maximize();
    assert.ok([language, `${language}-${script}`].includes(tag));
    const rightToLeft = ['Arab', 'Hebr', 'Thaa', 'Nkoo', 'Syrc', 'Adlm'].includes(script);
    assert.equal(own.get('element.direction'), rightToLeft ? 'rtl' : 'ltr');
  });

  test(`${tag}: says each thing once`, () => {
    const seen = [];
    // A reader of JSON passes over all but the last of two that have one name.
    JSON.parse(text(tag), (key, value) => { if (typeof value === 'object') seen.push(...Object.keys(value)); return value; });
    const written = [...text(tag).matchAll(/"((?:[^"\\]|\\.)*)"(\s*:)?/g)].filter(([, , colon]) => colon).map(([, key]) => JSON.parse(`"${key}"`));
    assert.deepEqual(written.sort(), seen.sort());
  });

  test(`${tag}: percentages are written as Intl writes them`, () => {
    const gap = (text) => /\d([^\d%]*)%/.exec(text)[1];
    const intl = gap(new Intl.NumberFormat(tag, { style: 'percent' }).format(0.25));
    const others = [...own].filter(([, message]) => (message.match(/\d[\s\u200e]*%/g) ?? []).some((share) => gap(share) !== intl));
    assert.deepEqual(others, []);
    assert.equal(own.get('units.percent').replace('{number}', '25'), new Intl.NumberFormat(tag, { style: 'percent' }).format(0.25));
  });

  test(`${tag}: says nothing that English does not`, () => {
    assert.deepEqual([...own.keys()].filter((key) => !source.has(key)), []);
  });

  const missing = [...source.keys()].filter((key) => !own.has(key));
  test(`${tag}: leaves nothing to English`, { todo: missing.length > 0 && `${missing.length} messages are said in English` }, () => {
    assert.deepEqual(missing, []);
  });

  test(`${tag}: each message is whole: its placeholders, its tags, its plural forms, and some words`, () => {
    const forms = formsOf(tag);
    const known = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    const wrong = [...own].filter(([key]) => source.has(key)).flatMap(([key, message]) => {
      try {
        assert.equal(typeof message, 'string');
        assert.notEqual(message.trim(), '', 'is empty');
        assert.equal(message, message.trim(), 'begins or ends with a space');
        expression(message, tag);
        assert.deepEqual(given(message), given(source.get(key)), 'is given');
        for (const { type, options, value } of elements(parsed(message))) {
          if (type === TYPE.plural) {
            const has = Object.keys(options).filter((form) => !form.startsWith('='));
            assert.deepEqual(has.filter((form) => !known.includes(form)), [], `{${value}}: forms that ${tag} has not`);
            assert.deepEqual([...forms].filter((form) => !has.includes(form)), [], `{${value}}: forms that are missing`);
          }
          if (type === TYPE.select) {
            const [, cases] = [...elements(parsed(source.get(key)))].map((part) => [part.value, Object.keys(part.options ?? {})]).find(([name]) => name === value);
            assert.deepEqual(Object.keys(options).sort(), cases.sort(), `{${value}}: cases`);
          }
        }
        return [];
      } catch (error) {
        return [`${key}: ${error.message}`];
      }
    });
    assert.deepEqual(wrong, []);
  });
}

test('each section is asked for by some file, and those of the first answer by none that comes later', () => {
  const src = new URL('web/src/', root);
  const users = readdirSync(src, { recursive: true }).filter((name) => name.endsWith('.ts')).map((name) => [name, readFileSync(new URL(name, src), 'utf8')]);
  for (const section of Object.keys(english)) {
    const files = users.filter(([, text]) => text.includes(`'words:${section}'`)).map(([name]) => name);
    assert.ok(files.length > 0, `${section} is asked for by no file`);
    // It would become a file of its own: one more request before the answer.
    if (FIRST.includes(section)) assert.deepEqual(files.filter((name) => name.startsWith('panels/') || ['more.ts', 'advice.ts', 'local.ts'].includes(name)), [], section);
  }
});

test('what the core tells a reader in English can be said in every language', () => {
  const known = new Set([
    ...Object.keys(english.refusals.told), ...Object.keys(english.refusals.named),
    ...[english.help, english.environmentHelp, english.simulationHelp, english.configure.versions, english.configure.notCapped].flatMap(Object.values),
  ].map((text) => text.replaceAll('’', "'")));
  const core = new URL('core/src/', root);
  const seen = new Set();
  const unsaid = readdirSync(core, { recursive: true }).filter((name) => name.endsWith('.rs')).flatMap((name) => {
    const code = readFileSync(new URL(name, core), 'utf8').split('#[cfg(test)]\nmod tests')[0];
    // A page gives the simulator a scenario: what is wrong with a `Config`, a Rust program is told.
    if (name === 'sim/config.rs') return [];
    // Refusals are told, and programs are explained, in these files only.
    if (!/\btell\(|Told\(|\.record\(|Reader::named\(|not_capped: "/.test(code) || name === 'error.rs') return [];
    const texts = code
      .replace(/^\s*\/\/.*$/gm, '')
      .replace(/\\\n\s*/g, '')
      .replace(/'(?:"|\\'|\\")'/g, '')
      // Not a reader's: why a lint is allowed, help on the probe's own fields, what a panic would say, commands and templates.
      .replace(/(?:reason = |said\(|expect\(|write_str\(|after\(|Named\(|install: |run: |text: |language: |format!\()\s*"(?:[^"\\]|\\.)*"/g, '')
      .matchAll(/"((?:[^"\\]|\\.)*)"/g);
    const said = [...texts].map(([, text]) => text.replaceAll('\\"', '"')).filter((text) => /\p{L} \p{L}|^[×/] /u.test(text) && !/^(pip|npm|import|from) /.test(text));
    said.forEach((text) => seen.add(text));
    return said.filter((text) => !known.has(text)).map((text) => `${name}: ${text}`);
  });
  assert.deepEqual(unsaid, []);
  assert.deepEqual(Object.keys(english.refusals.told).filter((text) => !seen.has(text)), [], 'is told by no one');
});
