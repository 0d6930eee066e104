/** Which language a widget speaks, and how its messages are said. Nothing here is the page's: two widgets may speak two languages. */
import { html } from 'lit/html.js';
import type { Rich, Sections, Speaker, Text } from 'words:types';
import unitWords from 'words:units';
import { formatFor, type Format } from './format.js';
import { decimalMarkOf, learnUnits } from './number.js';

export type { Sections };

/** A language's own sections. English has none: its texts stand in the modules that show them. */
export interface Language {
  readonly tag: string;
  readonly sections: Partial<Sections>;
  /** Gets the sections that the first answer does without. */
  readonly rest?: () => Promise<Language>;
}

export const ENGLISH: Language = { tag: 'en', sections: {} };

/** A section in the widget's language, or as it is given. */
export type Words = <K extends keyof Sections>(name: K, english: Sections[K]) => Sections[K];

/** Fills a message. */
export interface Say {
  <P>(message: Text<P>, given: P): string;
  <P>(message: Rich<P>, given: P): unknown;
}

/** All that a widget speaks with: the words of a language, and the numbers of a locale, of which there are more. */
export interface Voice {
  readonly locale: string;
  readonly language: Language;
  readonly words: Words;
  readonly units: Sections['units'];
  readonly say: Say;
  readonly format: Format;
  readonly decimalMark: string;
}

export function voiceOf(locale: string, language: Language): Voice {
  const words: Words = (name, english) => language.sections[name] ?? english;
  const units = words('units', unitWords);
  learnUnits(units);
  // A page's lang may be a language that no browser knows; its own default is none that the words are in.
  const locales = [locale, language.tag];
  const format = formatFor(locales, units);
  let mark: string | undefined;
  return {
    locale, language, words, units, say: sayer(format), format,
    // Asked for when there is something to read: a browser's first number takes it long.
    get decimalMark() { return (mark ??= decimalMarkOf(locales)); },
  };
}

/** The language of an element's place: its `locale`, else the nearest `lang`, also through shadow roots. */
export function localeOf(element: Element): string {
  let found = element.getAttribute('locale');
  for (let at: Element | undefined = element; at && found === null; at = (at.getRootNode() as ShadowRoot).host) {
    found = at.closest('[lang]')?.getAttribute('lang') ?? null;
  }
  try {
    return new Intl.Locale(found || 'en').toString();
  } catch {
    // A page's lang attribute may be anything; English is better than nothing.
    return 'en';
  }
}

const same = (words: unknown): unknown => words;
const rules = new Map<string, Intl.PluralRules>();

/** Says messages, with numbers as `format` writes them. */
function sayer({ exact }: Format): Say {
  const speaker: Speaker = {
    number: exact,
    plural: (language, n, forms) => {
      // As many decimals as `exact` shows.
      if (!rules.has(language)) rules.set(language, new Intl.PluralRules(language, { maximumFractionDigits: 2 }));
      return forms[`=${n}`] ?? forms[rules.get(language)!.select(n)] ?? forms['other']!;
    },
    b: (words) => html`<strong>${words}</strong>`,
    em: (words) => html`<em>${words}</em>`,
  };
  return ((message: Rich<unknown>, given: unknown) => message(given, speaker)) as Say;
}

/** What is needed, with its unit, as one text or with the number in a tag. */
export function needed(say: Say, message: Sections['answer']['needed']['tunnels'], count: number, n?: (words: unknown) => unknown): unknown {
  const words = say(message, { count, n: n ?? same });
  return n ? words : [words].flat(9).join('');
}
