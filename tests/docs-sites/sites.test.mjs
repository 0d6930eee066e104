// Each site is built by its own tool, served below a path, and read in Chromium.
//
//   node --test-reporter=./tests/docs-sites/reporter.mjs tests/docs-sites/sites.test.mjs [SITE...]
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { open } from '../browser/page.mjs';
import { built } from './build.mjs';
import { SITES } from './sites.mjs';
import { serve } from '../../scripts/serve.mjs';

const BASE = '/docs/v1/';
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in SITES));
if (unknown.length > 0) throw new Error(`no such site: ${unknown.join(', ')}; there are ${Object.keys(SITES).join(', ')}`);

/** A policy that tells of each request that leaves the site, on the console. `scripts` off: nothing is run. */
const policy = (home, { scripts = true } = {}) => {
  const run = scripts ? `script-src ${home} 'unsafe-inline' 'wasm-unsafe-eval'` : "script-src 'none'";
  return `default-src ${home} 'unsafe-inline' data: blob:; ${run}`;
};
