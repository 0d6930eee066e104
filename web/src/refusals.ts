/** What the core refuses, said in the reader's language. It comes after the first answer; until then the core's own English stands. */
import english from 'words:refusals';
import type { Refusal } from './engine.js';
import type { Field } from './types.js';
import type { Voice } from './words.js';

/** Longest piece of a text that is repeated, in characters. */
const QUOTED = 60;

/**
 * One refusal as it stands beside its field, which says the name already; undefined where there are no words for it. A `share` is
 * typed as a percentage.
 */
export function sentenceOf(refusal: Refusal, field: Field | undefined, share: boolean, { words, say, units, format: f, language }: Voice): string | undefined {
  const text = words('refusals', english);
  const takes = { ...field?.takes, ...refusal } as Partial<Refusal> & { most?: number; options?: readonly string[]; kind?: string };
  const unit = refusal.unit ?? field?.unit ?? '';
  const { min = 0, max = 0, index = 0, code, value } = takes;
  switch (code) {
    case 'number': {
      const range = { min: written(min), max: measured(max), given: given(value) };
      return say(share ? text.share : takes.whole ? text.whole : text.number, range);
    }
    case 'item': {
      const item = Array.isArray(value) ? value[index] : undefined;
      const range = { index: f.exact(index + 1), min: written(min), max: written(max), given: given(item?.size ?? item) };
      return say(takes.kind === 'tiers' ? text.itemWhole : text.item, range);
    }
    case 'choice':
      // English as the messages are written, which is British.
      return say(text.choice, {
        options: new Intl.ListFormat(language.tag.replace(/^en$/, 'en-GB'), { type: 'disjunction' }).format(takes.options ?? []), given: given(value),
      });
    case 'switch':
      return say(text.switch, { given: given(value) });
    case 'list':
      return say(text.list, {
        min: written(min), max: written(takes.most ?? max), given: Array.isArray(value) ? written(value.length) : given(value),
      });
    case 'told':
      return (text.told as Readonly<Record<string, string>>)[refusal.message.slice(refusal.field.length + 1)];
    default:
      return undefined;
  }

  function written(x: number): string {
    if (share) return f.percent(x);
    // No one wants to read a googol's digits.
    return Math.abs(x) < 1e21 ? f.number(x, 15) : String(x);
  }

  function measured(x: number): string {
    if (unit === 'requests' || unit === 'connections') return say(text.units[unit], { number: written(x) });
    return unit === '' ? written(x) : `${written(x)}\u00a0${(units as unknown as Record<string, string>)[unit] ?? unit}`;
  }

  function given(x: unknown): string {
    if (x === undefined || x === null) return 'none';
    if (typeof x === 'number') return written(x);
    if (typeof x === 'string') return say(text.text, { text: [...x].length > QUOTED ? `${[...x].slice(0, QUOTED).join('')}…` : x });
    const { named } = text;
    return typeof x === 'boolean' ? named[`${x}`] : Array.isArray(x) ? named['a list'] : typeof x === 'object' ? named['a record'] : named['what was given'];
  }
}
