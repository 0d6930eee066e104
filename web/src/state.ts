/**
 * Between texts and a {@link Scenario}: what attributes, the URL and the form hold is text under a field's one name,
 * in kebab-case. Pure, no DOM.
 */
import { canonical, parse, shifted, type Unit } from './number.js';
import type { Field, Scenario } from './types.js';

/** Texts by kebab-case field name; a name that is absent was not given. */
export type Texts = Readonly<Record<string, string>>;

const kebabs: Record<string, string> = {};
/** Asked for each field a hundred times a keystroke. */
export const kebab = (name: string): string => (kebabs[name] ??= name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`));

/** Shares are typed as percentages in the form; attributes and URLs hold the plain fraction. */
const SHARES = new Set(['headroom', 'connectionReuse', 'failTarget']);
export const isShare = (field: Field): boolean => SHARES.has(field.name);

function unitOf(field: Field): Unit {
  return isShare(field) ? 'share' : field.unit === 's' ? 'seconds' : 'none';
}

/** With the commas and semicolons of Chinese, Japanese and Arabic keyboards as ASCII has them. */
const plainMarks = (text: string): string => text.replace(/[，、،]/g, ',').replace(/[；؛]/g, ';');

/** A list's items. Commas cut where something else than a digit follows, or where nothing else cuts. */
function items(typed: string): string[] {
  const text = plainMarks(typed);
  const cut = /[;\s]/.test(text) ? /[;\s]+|,(?!\d)/ : /,/;
  return text.split(cut).filter((item) => item !== '');
}

/** Plans of a list. A comma cuts where nothing stronger does, so that prices may hold one. */
function tierItems(typed: string): string[] {
  const text = plainMarks(typed);
  const cut = /[;\n]/.test(text) ? /[;\n]/ : /,/;
  return text.replace(/[,;\s]+$/, '').split(cut);
}

function tier(item: string, decimalMark: string): unknown {
  const [, size = '', price] = /^(.*?)(?:\s*(?:\bat\b|[@=:＠：])\s*(.*))?$/s.exec(item.trim()) ?? [];
  const number = (text: string) => parse(text, 'none', decimalMark) ?? text;
  return price === undefined ? number(size) : { size: number(size), price: number(price) };
}

/** What the core takes. A text that is no number goes there as it is, so that the core refuses it by name. */
function value(field: Field, text: string, decimalMark: string): unknown {
  switch (field.takes.kind) {
    case 'number':
      return parse(text, unitOf(field), decimalMark) ?? text;
    case 'numbers':
      return items(text).map((item) => parse(item, unitOf(field), decimalMark) ?? item);
    case 'tiers':
      return tierItems(text).map((item) => tier(item, decimalMark));
    case 'switch':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'choice':
      return text;
  }
}

export function toScenario(fields: readonly Field[], texts: Texts, decimalMark = '.'): Scenario {
  const entries = fields.flatMap((field) => {
    const text = texts[kebab(field.name)];
    return text === undefined || text.trim() === '' ? [] : [[field.name, value(field, text, decimalMark)]];
  });
  return Object.fromEntries(entries) as Scenario;
}

/** A scenario's value as attributes and URLs write it. */
export function toText(given: unknown): string {
  if (Array.isArray(given)) return given.map(toText).join(', ');
  if (typeof given === 'object' && given !== null) {
    const { size, price } = given as { size?: unknown; price?: unknown };
    return price === undefined || price === null ? String(size) : `${size} at ${price}`;
  }
  return String(given);
}

/** What a scenario says of a field, empty where it says nothing. */
export function textOf(scenario: Scenario, name: string): string {
  const given = (scenario as Record<string, unknown>)[name];
  return given === undefined ? '' : toText(given);
}

/** A number that was written with a point, in the reader's notation. */
export function localized(text: string, decimalMark: string): string {
  if (decimalMark === '.') return text;
  return text.replace(/\d[\d.,]*(?:e[+-]?\d+)?/gi, (number) => canonical(number)?.replace('.', decimalMark) ?? number);
}

/**
 * From attribute or URL, which mean the same in every language, to the form, which is in the reader's. Shares become
 * percentages, booleans that are merely there become true.
 */
export function fromAttribute(field: Field, text: string, decimalMark: string): string {
  const local = (part: string): string => localized(part.trim(), decimalMark);
  switch (field.takes.kind) {
    case 'switch':
      return text === '' ? 'true' : text;
    case 'choice':
      return text;
    case 'numbers':
      return decimalMark === '.' ? text : items(text).map(local).join('; ');
    case 'tiers': {
      if (decimalMark === '.') return text;
      const list = tierItems(text).map(local).join('; ');
      // A single tier's price may hold a comma, which must not cut it.
      return list.includes(',') && !list.includes(';') ? `${list};` : list;
    }
    case 'number': {
      const plain = isShare(field) && /^\s*[+-]?\d*\.?\d+(e[+-]?\d+)?\s*$/i.test(text);
      return local(plain ? String(shifted(text.trim(), 2)) : text);
    }
  }
}

export function textsOf(fields: readonly Field[], scenario: Scenario, decimalMark: string): Texts {
  const given = scenario as Record<string, unknown>;
  return Object.fromEntries(fields.flatMap((field) => {
    const known = given[field.name];
    return known === undefined || known === null ? [] : [[kebab(field.name), fromAttribute(field, toText(known), decimalMark)]];
  }));
}

/**
 * The URL's fragment: `#arrival-rate=80&response-time=3`, each key after `prefix`. Parts that are not ours stay: a page
 * anchor in front, another widget's keys.
 */
export function readHash(hash: string, fields: readonly Field[], prefix: string, decimalMark: string): Texts {
  const pairs = new URLSearchParams(hash.replace(/^#/, ''));
  return Object.fromEntries(fields.flatMap((field) => {
    const text = pairs.get(prefix + kebab(field.name));
    return text === null ? [] : [[kebab(field.name), fromAttribute(field, text, decimalMark)]];
  }));
}

/** Whether the fragment says `key=1`. */
export const isMarked = (hash: string, key: string): boolean => new URLSearchParams(hash.replace(/^#/, '')).get(key) === '1';
