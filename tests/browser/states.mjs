// The states that the page can be in, for the suites that look at all of them.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../src/vectors.mjs';
import { simulated } from './simulation.mjs';

export const PANELS = ['response-time', 'protocol', 'limits', 'when-exceeded', 'configure', 'scale', 'probe'];

const messages = join(root, 'web/messages');
/** The languages that there are words in. */
export const LANGUAGES = existsSync(messages) ? readdirSync(messages).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5)) : ['en'];

const CASE = { 'arrival-rate': '50', 'response-time': '2.5', 'response-time-p95': '8', 'plan-tiers': '50, 100, 200, 500, 1000' };
const unfold = (page) => page.ask((el, shadow) => {
  if (shadow.querySelector('.more')?.getAttribute('aria-expanded') === 'false') shadow.querySelector('.more').click();
  shadow.querySelectorAll('details').forEach((details) => { details.open = true; });
});

async function exceeded(page) {
  await page.show('when-exceeded');
  await simulated(page);
}

// How a result looks does not need the four million events that one has without being asked.
const SHORT = { 'simulated-time': '2000' };
const SPELL = { 'simulated-time': '120' };

/** Each state by name: how it is reached from an element that is ready, and the attributes that it needs beside the case. */
export const STATES = {
  ...Object.fromEntries(PANELS.map((name) => [name, { reach: (page) => page.show(name) }])),
  'probe with lines': {
    reach: async (page) => {
      await page.show('probe');
      await page.paste('text', '200 1.01\n503 0.01\nhello\n'.repeat(8));
    },
  },
  'when-exceeded': { attributes: SHORT, reach: exceeded },
  'queue behind a cap': { attributes: { ...SHORT, 'over-limit': 'queue', cap: '140', 'client-timeout': '0.75', retries: '2' }, reach: exceeded },
  'a slow spell': { attributes: { ...SPELL, spell: 'slow', cap: '157', retries: '0' }, reach: exceeded },
  'a burst behind a queue': {
    attributes: { ...SPELL, 'over-limit': 'queue', cap: '140', 'client-timeout': '0.75', retries: '2', spell: 'burst' },
    reach: async (page) => {
      await exceeded(page);
      await page.ask((el, shadow) => shadow.querySelectorAll('#simulated details').forEach((details) => { details.open = true; }));
    },
  },
  'not to be simulated': {
    attributes: { 'arrival-pattern': 'recorded' },
    reach: async (page) => {
      await page.show('when-exceeded');
      await simulated(page, 'refused');
    },
  },
  'all folds open': {
    reach: async (page) => {
      await page.show('limits');
      await unfold(page);
    },
  },
  'two fields wrong': {
    reach: async (page) => {
      await page.paste('arrival-rate', 'fast');
      await page.paste('response-time', '-1');
    },
  },
  'wrong in a panel': {
    reach: async (page) => {
      await page.show('limits');
      await page.paste('file-descriptors', 'many');
    },
  },
  'no plan fits': { attributes: { 'arrival-rate': '5000' }, reach: (page) => page.show('scale') },
  compared: {
    reach: async (page) => {
      await page.ask((el, shadow) => shadow.querySelector('#pin').click());
      await page.until(`document.querySelector('proxy-concurrency').shadowRoot.querySelector('#compared')`);
      await page.paste('arrival-rate', '90');
      await page.show('response-time');
    },
  },
  compact: { attributes: { compact: '', panels: 'limits scale' }, reach: (page) => page.show('limits') },
  'plans of the author': { attributes: { 'readonly-plan': '', panels: 'scale' }, reach: (page) => page.show('scale') },
  'http/2': { attributes: { 'inner-http': '2' }, reach: (page) => page.show('protocol') },
};

/** Puts a fresh element into a state. */
export async function reach(page, name, { language = 'en', attributes = {} } = {}) {
  const state = STATES[name];
  await page.ask((el, shadow, rtl) => {
    document.documentElement.dir = rtl ? 'rtl' : 'ltr';
    // What the state before wrote into the address.
    history.replaceState(null, '', location.pathname);
  }, language === 'ar');
  await page.fresh({ ...CASE, ...state.attributes, ...attributes }, language);
  await state.reach(page);
  await page.settle();
}
