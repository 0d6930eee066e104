/**
 * Numbers as people type them: `1.5`, `1,5`, `180 000`, `180,000`, `1.234,5`, `25 %`, `180 ms`, `١٫٥`.
 *
 * One rule decides what a comma or a point is. Where both occur, the last is the decimal mark. Where one occurs several
 * times, it groups. Where it occurs once, it is the decimal mark, unless it is the other language's mark and cuts off
 * exactly three digits after one to three others that do not start with zero: `180,000` is 180000 to an English reader
 * and 180 to a German one.
 */

/** Powers of ten (or factors) by which a typed unit differs from the field's own. */
const SECONDS: Record<string, number | readonly [number]> = {
  µs: -6, μs: -6, us: -6, ms: -3, s: 0, sec: 0, min: [60], m: [60], h: [3600], d: [86_400],
};

/** Takes in what a language calls the units: what it prints can be typed. A word that is known already keeps its meaning. */
export function learnUnits(words: Readonly<Record<string, unknown>>): void {
  for (const [symbol, scale] of Object.entries(SECONDS)) {
    const word = words[symbol];
    if (typeof word === 'string') SECONDS[latin(word).toLowerCase()] ??= scale;
  }
}

/** First code points of the decimal digits that readers' keyboards produce: Arabic-Indic, Persian, Devanagari, full-width. */
const ZEROS = [0x660, 0x6f0, 0x966, 0xff10];

function latin(text: string): string {
  return text.replace(/[٠-٩۰-۹०-९０-９]/g, (digit) => {
    const code = digit.codePointAt(0)!;
    const zero = ZEROS.find((first) => code >= first && code <= first + 9)!;
    return String(code - zero);
  })
    // Marks of direction, which are not seen.
    .replace(/[\u200e\u200f\u061c\u2066-\u2069]/g, '')
    .replace(/[٫．]/g, '.').replace(/[٬，]/g, ',').replace(/[−–－]/g, '-').replace(/[％٪]/g, '%');
}

/** `1.234,5` and its like as JavaScript writes it; undefined for what is no number. */
export function canonical(typed: string, decimalMark = '.'): string | undefined {
  const text = latin(typed).trim().replace(/(?<=\d)[\s'’_](?=\d)/g, '');
  const parts = /^([+-]?)([\d.,]+)(e[+-]?\d+)?$/i.exec(text);
  if (!parts) return undefined;
  const [, sign, digits, exponent = ''] = parts as unknown as [string, string, string, string?];
  const marks = [...digits].filter((c) => c === '.' || c === ',');
  const last = marks.at(-1);
  let decimal: string | undefined;
  if (new Set(marks).size === 2) {
    decimal = last;
  } else if (marks.length === 1) {
    const groups = last !== decimalMark && /^[1-9]\d{0,2}[.,]\d{3}$/.test(digits);
    decimal = groups ? undefined : last;
  }
  const [whole = '', fraction = '', ...rest] = decimal ? digits.split(decimal) : [digits];
  if (rest.length > 0) return undefined;
  // What still holds a mark must be groups of three, all cut by the same mark.
  if (/[.,]/.test(whole) && !/^\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*$/.test(whole)) return undefined;
  const plain = whole.replace(/[.,]/g, '');
  if (plain === '' && fraction === '') return undefined;
  return `${sign === '-' ? '-' : ''}${plain || '0'}${fraction ? `.${fraction}` : ''}${exponent}`;
}

/** `canonical × 10^power` without a rounding of its own: `12.3` and −2 is what `0.123` reads as. */
export function shifted(number: string, power: number): number {
  const [mantissa = '', exponent = '0'] = number.toLowerCase().split('e');
  return Number(`${mantissa}e${Number(exponent) + power}`);
}

export type Unit = 'seconds' | 'share' | 'none';

/** The number in the field's own unit; undefined for what is no number. A share is typed as a percentage. */
export function parse(typed: string, unit: Unit = 'none', decimalMark = '.'): number | undefined {
  const text = latin(typed);
  const suffix = /(?<=[\d.,]\s*)(%|\p{L}[\p{L} ]*)\s*$/u.exec(text);
  const name = (suffix?.[1] ?? '').trim().toLowerCase();
  const scale = unit === 'seconds' && Object.hasOwn(SECONDS, name) ? SECONDS[name] : unit === 'share' && name === '%' ? 0 : undefined;
  const number = canonical(scale === undefined || !suffix ? text : text.slice(0, suffix.index), decimalMark);
  if (number === undefined) return undefined;
  if (unit === 'share') return shifted(number, -2);
  if (typeof scale === 'object') return Number(number) * scale[0];
  return shifted(number, scale ?? 0);
}

/** The mark between whole and fraction in a language. */
export function decimalMarkOf(locales: string[]): string {
  const part = new Intl.NumberFormat(locales, { numberingSystem: 'latn' })
    .formatToParts(1.5).find(({ type }) => type === 'decimal');
  return part?.value === ',' ? ',' : '.';
}
