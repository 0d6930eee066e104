// See run. Arguments: the folder of the built programs, how many texts, the seed.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Script, runInNewContext } from 'node:vm';
import { freePort, Lab, program, untilConnects } from '../proxies/harness/lab.mjs';

const [, , built, count = '5000', seed = process.env.PROPTEST_RNG_SEED ?? '1961'] = process.argv;

// xorshift32: the same texts for the same seed.
let state = (Number(seed) * 2654435761) >>> 0 || 1;
const below = (n) => {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  state >>>= 0;
  return state % n;
};
const pick = (list) => list[below(list.length)];
const some = (least, most, item) => Array.from({ length: least + below(most - least + 1) }, item).join('');

/**
 * What ends a literal, a comment, a line, a tag or a word somewhere, or begins something else. Where an escape is wrong
 * some of it runs: none of it may do harm.
 */
const HOSTILE = ['"', "'", '`', '\\', '\\\\', '\n', '\r', '\r\n', '\t', '\u2028', '\u2029', '\u0085', '\u000b', '\u000c', '\u0000', '\u001b', '\u007f',
  '*/', '/*', '//', '#', '--', '<!--', '-->', '</script>', ']]>', '${x}', '$(id)', '$x', '%', '%00', '%0a', '%22', '%n', '{{proxy}}', '{{', '}}', '{', '}', '"""', "'''",
  '");', "');", '];', '\\"', "\\'", '\\u0022', '\\x22', '\\N{QUOTATION MARK}', '\nURLS\n', ' URLS', '; touch x', '| id', '&& id', '> x', '~', '!', '*', '?', '[a]', '\ufeff',
  '\u202e', '\u200b', 'é', '💥', '\ud7ff', '\uffff', '=', ',', ' ', ':', '@', 'server x 1.2.3.4', '\\x0a', '\\ ', 'a', 'B', '7', '-', '_', '.'];
const text = () => some(0, 12, () => (below(3) ? pick(HOSTILE) : String.fromCodePoint(pick([below(128), below(256), below(0xd800), 0x10000 + below(0x100000)]))));

let passed = 0;
const wrong = [];
const skipped = [];
const check = (ok, what) => (ok ? passed++ : wrong.push(what));
const through = (name, inputs) => execFileSync(join(built, name), { input: inputs.map((x) => `${JSON.stringify(x)}\n`).join(''), maxBuffer: 1 << 30 })
  .toString().trim().split('\n').map((line) => JSON.parse(line));

const folder = mkdtempSync(join(tmpdir(), 'proxy-concurrency-escaping-'));
const file = (name, body) => {
  writeFileSync(join(folder, name), body);
  return join(folder, name);
};
try {
  const texts = [...HOSTILE, ...Array.from({ length: Number(count) }, text)];
  const literals = through('escaping', texts);

  // ASCII, on one line: no parser's idea of a line end or of an invisible character comes into it.
  literals.forEach((all, i) => Object.entries(all).forEach(([language, literal]) => {
    if (language !== 'shell') check(/^[ -~]*$/.test(literal), `${language} ${literal} of ${JSON.stringify(texts[i])}`);
  }));

  literals.forEach(({ javascript }, i) => check(runInNewContext(javascript) === texts[i] && !javascript.includes('<'), `JavaScript ${javascript}`));
  new Script(`[${literals.map(({ javascript }) => javascript).join(',\n')}]`);

  // Rust, and Go where it is: a program that prints what its literals are.
  const strings = (language) => literals.map((all) => `  ${all[language]},`).join('\n');
  const same = (language, output) => {
    const got = output.split('\n').slice(0, -1).map((hex) => Buffer.from(hex, 'hex').toString());
    check(got.length === texts.length, `${language}: ${got.length} texts`);
    got.forEach((answer, i) => check(answer === texts[i], `${language} ${literals[i][language]}`));
  };
  file('main.rs', `const TEXTS: &[&str] = &[\n${strings('rust')}\n];\nfn main() {\n  for text in TEXTS {\n    for byte in text.bytes() { print!("{byte:02x}"); }\n    println!();\n  }\n}\n`);
  execFileSync('rustc', ['--edition', '2024', '-o', join(folder, 'main'), join(folder, 'main.rs')]);
  same('rust', execFileSync(join(folder, 'main'), { maxBuffer: 1 << 30 }).toString());
  const go = ['.tools/clients/python/bin/go'].find(existsSync) ?? program('go');
  const env = { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off', GOTOOLCHAIN: 'local', GOCACHE: resolve('.tools/clients/go') };
  const runGo = (name) => execFileSync(go, ['run', join(folder, name)], { env, maxBuffer: 1 << 30 }).toString();
  if (go) {
    file('main.go', `package main\n\nimport "fmt"\n\nfunc main() {\n  for _, text := range []string{\n${strings('go')}\n  } {\n    fmt.Printf("%x\\n", text)\n  }\n}\n`);
    same('go', runGo('main.go'));
  } else skipped.push('Go: not installed (scripts/clients installs it)');

  // A shell's words, NUL left out.
  const shell = file('words.sh', literals.map(({ shell }) => `printf '%s\\0' ${shell}`).join('\n'));
  const words = execFileSync('/bin/sh', [shell], { cwd: folder, env: { PATH: folder }, maxBuffer: 1 << 30 }).toString().split('\0').slice(0, -1);
  check(words.length === texts.length, `shell: ${words.length} words`);
  words.forEach((word, i) => check(word === texts[i].replaceAll('\0', ''), `shell ${literals[i].shell}`));

  // HAProxy says its words when asked.
  if (program('haproxy')) {
    const lab = new Lab();
    try {
      const port = await freePort();
      const asked = texts.map((text, i) => i).filter((i) => texts[i].replaceAll('\0', '') !== '').slice(0, 400);
      const rules = asked.map((i) => `http-request return status 200 content-type text/plain string ${literals[i].haproxy} if { path /${i} }`);
      const config = file('haproxy.cfg', `defaults\n  mode http\n  timeout client 10s\n  timeout connect 1s\n  timeout server 1s\nlisten words\n  bind 127.0.0.1:${port}\n  ${rules.join('\n  ')}\n`);
      await lab.start('haproxy', ['-db', '-f', config], { ready: () => untilConnects({ host: '127.0.0.1', port }) });
      for (const i of asked) {
        const said = Buffer.from(await (await fetch(`http://127.0.0.1:${port}/${i}`)).arrayBuffer()).toString();
        check(said === texts[i].replaceAll('\0', ''), `HAProxy ${literals[i].haproxy}: ${JSON.stringify(said)}`);
      }
    } finally {
      await lab.close();
    }
  } else skipped.push('HAProxy words: no haproxy');

  // Whole programs. What is refused never gets that far; `%` and what ends a URL's parts is left to the refused.
  const CLIENTS = ['requests', 'aiohttp', 'httpx', 'scrapy', 'curl', 'haproxy', 'undici', 'node-fetch', 'go', 'reqwest', 'playwright'];
  const typed = () => text().replace(/[\p{Cc}%:@/?#]/gu, '');
  const inputs = Array.from({ length: Math.ceil(Number(count) / 5) }, (_, i) => {
    const [user, password, path] = [typed() || 'u', typed(), typed()];
    return { user, password, path, record: { client: CLIENTS[i % CLIENTS.length], cap: 1 + below(9999), proxyUrl: `http://${user}:${password}@127.0.0.1:8080`, urls: [`https://example.com/${path}`, `http://h/?q=${path}`] } };
  });
  const harmless = ({ client, cap }) => ({ client, cap, proxyUrl: 'http://u:p@127.0.0.1:8080', urls: ['https://example.com/', 'http://h/'] });
  const programs = through('examples/snippet', inputs.flatMap(({ record }) => [record, harmless(record)]));
  const [python, goPrograms] = [[], []];
  for (const [i, { user, password, path, record }] of inputs.entries()) {
    const [{ files, errors }, plain] = programs.slice(2 * i, 2 * i + 2);
    if (!files) {
      wrong.push(`${JSON.stringify(record)}: ${JSON.stringify(errors)}`);
      continue;
    }
    const encode = (part) => encodeURIComponent(part).replace(/%(24|26|2B|2C|3B|3D)/g, decodeURIComponent);
    const proxy = `http://${encode(user)}:${encode(password)}@127.0.0.1:8080`;
    const urls = [`https://example.com/${encode(path)}`, `http://h/?q=${encode(path)}`];
    const both = files.map(({ text }, i) => [text, plain.files[i].text]);
    for (const [text, harmless] of both) {
      check(/^[ -~\n\t]*$/.test(text), `${record.client}: not printable ASCII`);
      check(text.split('\n').length === harmless.split('\n').length, `${record.client}: more lines`);
    }
    const { language } = plain;
    if (language === 'python') python.push([record.client, ...both[0], proxy, urls]);
    else if (language === 'sh') {
      // With a curl that says what it was asked.
      const stub = file('curl', '#!/bin/sh\nfor last; do :; done\nprintf "%s %s\\n" "$https_proxy" "$last"\n');
      chmodSync(stub, 0o755);
      if (i < 20 * CLIENTS.length) {
        const said = spawnSync('sh', ['-s'], { input: both[0][0].replace('sleep 0.2', ':'), cwd: folder, env: { PATH: `${folder}:${process.env.PATH}` } });
        check(said.stdout.toString().trim().split('\n').sort().join() === urls.map((url) => `${proxy} ${url}`).sort().join(), `curl: ${said.stdout}${said.stderr}`);
      }
    } else if (language === 'haproxy') {
      const basic = Buffer.from(`${user}:${password}`).toString('base64');
      const expected = both[0][1].replace(Buffer.from('u:p').toString('base64'), basic);
      check(both[0][0] === expected, `haproxy: ${both[0][0]}`);
    } else if (language === 'go') {
      goPrograms.push(both[0][0]);
    } else if (language === 'javascript') {
      // Type stripping aside, its own parser: as a module.
      const parsed = i < 10 * CLIENTS.length ? spawnSync(process.execPath, ['--check', file('program.mjs', both[0][0])]) : { status: 0 };
      check(parsed.status === 0, `${record.client}: ${parsed.stderr}`);
    }
  }
  if (go && goPrograms.length > 0) {
    // Go's own parser: as many declarations in each as in the first.
    const quoted = (source) => Buffer.from(source).toString('hex');
    file('parse.go', `package main

import (
  "encoding/hex"
  "fmt"
  "go/parser"
  "go/token"
)

func main() {
  for _, source := range []string{${goPrograms.map((source) => `"${quoted(source)}"`).join(',')}} {
    text, _ := hex.DecodeString(source)
    tree, err := parser.ParseFile(token.NewFileSet(), "fetch.go", text, 0)
    if err != nil { fmt.Println(err) } else { fmt.Println(len(tree.Decls)) }
  }
}
`);
    const declarations = runGo('parse.go').trim().split('\n');
    declarations.forEach((said) => check(said === declarations[0] && /^\d+$/.test(said), `go: ${said}`));
  }
  const task = { literals: texts.map((text, i) => [literals[i].python, text]), programs: python };
  const judged = JSON.parse(execFileSync('python3', ['tests/escaping/structure.py'], { input: JSON.stringify(task), maxBuffer: 1 << 30 }));
  wrong.push(...judged);
  passed += task.literals.length + task.programs.length - judged.length;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
wrong.slice(0, 20).forEach((what) => console.error(what));
skipped.forEach((what) => console.log(`skipped: ${what}`));
console.log(`${passed} passed, ${wrong.length} failed${skipped.length ? `, ${skipped.length} skipped` : ''}`);
process.exitCode = wrong.length || (process.env.CI && skipped.length) ? 1 : 0;
