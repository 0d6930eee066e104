/** Numbers and units in the reader's language; pure. */
import type { Sections } from './words.js';

export interface Format {
  /** Up to `digits` significant digits, grouped. */
  number(x: number, digits?: number): string;
  /** A whole number, or one with the decimals that it has, up to two. */
  exact(x: number): string;
  percent(x: number): string;
  /** A share that came out: one that nobody can notice is said to be so. */
  share(x: number): string;
  /** A time in the unit that suits it. */
  time(seconds: number): string;
  price(x: number): string;
  /** Width of a text in the pictures, in Latin characters: one of Chinese or Japanese is as wide as five thirds of them. */
  wide(text: string): number;
  /** `1, 2, 3` */
  list(items: readonly string[]): string;
}

/** The first of `locales` that the browser knows decides how numbers are written, `units` are the words for units. */
export function formatFor(locales: string[], units: Sections['units']): Format {
  const cache = new Map<string, Intl.NumberFormat>();
  const formatter = (options: Intl.NumberFormatOptions): Intl.NumberFormat => {
    const key = JSON.stringify(options);
    let made = cache.get(key);
    if (!made) cache.set(key, (made = new Intl.NumberFormat(locales, options)));
    return made;
  };
  let lists: Intl.ListFormat | undefined;
  const number = (x: number, digits = 4): string =>
    formatter({ maximumSignificantDigits: Math.max(digits, Math.floor(Math.log10(Math.abs(x) || 1)) + 1) }).format(x);
  // Symbols as engineers write them; Intl's own short forms ("sec") are not.
  const unit = (x: number, symbol: 'µs' | 'ms' | 's' | 'min' | 'h' | 'd'): string => `${formatter({ maximumSignificantDigits: 3 }).format(x)}\u00a0${units[symbol]}`;
  const percent = (x: number): string => formatter({ style: 'percent', maximumSignificantDigits: 3 }).format(x);
  return {
    number,
    percent,
    share: (x) => (x > 0 && x < 1e-6 ? `<\u00a0${percent(1e-6)}` : percent(x)),
    exact: (x) => formatter({ maximumFractionDigits: Math.abs(x) < 1 ? 4 : 2 }).format(x),
    time: (seconds) => {
      if (seconds === 0) return unit(0, 's');
      if (seconds < 1e-3) return unit(seconds * 1e6, 'µs');
      if (seconds < 0.1) return unit(seconds * 1e3, 'ms');
      if (seconds < 120) return unit(seconds, 's');
      if (seconds < 7200) return unit(seconds / 60, 'min');
      if (seconds < 172_800) return unit(seconds / 3600, 'h');
      return unit(seconds / 86_400, 'd');
    },
    price: (x) => formatter({ minimumFractionDigits: Number.isInteger(x) ? 0 : 2, maximumFractionDigits: 2 }).format(x),
    wide: (text) => [...text].reduce((sum, character) => sum + (character >= '\u2e80' ? 5 / 3 : 1), 0),
    list: (items) => (lists ??= new Intl.ListFormat(locales, { type: 'unit', style: 'short' })).format(items),
  };
}
