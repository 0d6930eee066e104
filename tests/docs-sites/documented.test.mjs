// What docs/embedding tells to paste stands in the sites as it is told, so that what is tried is what is told.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SITES, here, root } from './sites.mjs';

const folder = join(root, 'docs/embedding');
/** The versions that scripts/docs-sites installs, as they stand in its lists. */
const pins = ['tests/docs-sites/package.json', 'tests/docs-sites/requirements.txt', 'scripts/versions.sh']
  .flatMap((path) => readFileSync(join(root, path), 'utf8').match(/(?<=": "|==|=)\d+(\.\d+)+(?=[" \n])/g));
const indents = [0, 2, 4, 6, 8].map((width) => ' '.repeat(width));

/** The blocks of a page: `[file, text]`, the file as named at the end of the line above. */
function blocks(page) {
  const found = [...page.matchAll(/^(.*)\n\n```(\w+)\n([^]*?)\n```$/gm)].map(([, above, kind, text]) => ({ above, kind, text }));
  assert.equal(found.length, page.match(/^```\w/gm).length, 'a block has no line above it');
  // What is typed into a shell is told once: how to install the package.
  return found.filter(({ kind, text }) => kind !== 'sh' || text !== 'npm install proxy-concurrency').map(({ above, text }) => {
    const [, file] = above.match(/`([^`]+)`:$/) ?? [];
    assert.ok(file, `the line above a block names no file: ${above}`);
    return [file, text];
  });
}

/** Whether `text` stands in `file` on lines of its own, further in or not. */
const has = (file, text) =>
  indents.some((indent) => `\n${file}`.includes(`\n${text.replace(/^(?=.)/gm, indent)}\n`));

for (const name of readdirSync(folder)) {
  test(`docs/embedding/${name}`, async (t) => {
    const page = readFileSync(join(folder, name), 'utf8');
    const sites = Object.values(SITES).filter(({ guide }) => `${guide}.md` === name);
    assert.notEqual(sites.length, 0, 'no site tries it');
    for (const [version] of (page.match(/^Tried with .*/m)?.[0] ?? '').matchAll(/\d+(\.\d+)+/g)) {
      await t.test(`${version} is what it is tried with`, () => assert.ok(pins.includes(version)));
    }
    for (const [path, text] of blocks(page)) {
      await t.test(`${path} has ${text.split('\n').find((line) => /\w/.test(line)).trim()}`, () => {
        const files = sites.flatMap(({ from }) => from).map((source) => join(here, source, path)).filter(existsSync);
        assert.ok(files.some((file) => has(readFileSync(file, 'utf8'), text)), `not in ${files.length > 0 ? files.join(', ') : 'any file of that name'}`);
      });
    }
  });
}
