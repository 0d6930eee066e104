/**
 * The same place before and after: as high as the presets' answer and the first panel on offer are, in a wide system font, at most. What
 * an element needs less stays free above its footer. Each line is a straight one above what was measured at thirteen widths in all languages:
 * wide, of middle width, narrow.
 */
export const placeStyles = `
  .place { display: flow-root; min-height: calc(var(--_w)); }
  @container (max-width: 619px) { .place { min-height: calc(var(--_m)); } }
  @container (max-width: 440px) { .place { min-height: calc(var(--_n)); } }
  .place { --_w: 1595px - 30cqi; --_m: 2225px - 73cqi; --_n: 2710px - 201cqi; }
  .for-protocol { --_w: 2320px - 67cqi; --_m: 3435px - 178cqi; --_n: 4175px - 378cqi; }
  .for-limits { --_w: 3575px - 185cqi; --_m: 4615px - 257cqi; --_n: 5250px - 434cqi; }
  .for-when-exceeded { --_w: 3030px - 66cqi; --_m: 3610px - 56cqi; --_n: 4750px - 272cqi; }
  .for-configure { --_w: 2800px - 107cqi; --_m: 2875px - 69cqi; --_n: 3535px - 233cqi; }
  .for-scale { --_w: 2105px - 83cqi; --_m: 3080px - 148cqi; --_n: 2990px - 147cqi; }
  .for-probe { --_w: 1970px - 39cqi; --_m: 2600px - 83cqi; --_n: 3630px - 301cqi; }
  .place.bare { --_w: 830px - 18cqi; --_m: 1250px - 26cqi; --_n: 1665px - 128cqi; }
  .place.compact { --_w: 405px - 23cqi; --_m: 375px; --_n: 720px - 78cqi; }
  .long { --_w: 1410px; --_m: 2595px - 129cqi; --_n: 2910px - 231cqi; }
  .long.for-protocol { --_w: 2240px - 50cqi; --_m: 3935px - 262cqi; --_n: 4335px - 412cqi; }
  .long.for-limits { --_w: 3815px - 194cqi; --_m: 5340px - 365cqi; --_n: 6320px - 651cqi; }
  .long.for-when-exceeded { --_w: 3285px - 84cqi; --_m: 4165px - 144cqi; --_n: 5055px - 307cqi; }
  .long.for-configure { --_w: 2735px - 94cqi; --_m: 3175px - 114cqi; --_n: 3765px - 271cqi; }
  .long.for-scale { --_w: 1935px - 55cqi; --_m: 3360px - 193cqi; --_n: 3355px - 219cqi; }
  .long.for-probe { --_w: 1940px - 32cqi; --_m: 3475px - 218cqi; --_n: 4575px - 480cqi; }
  .long.bare { --_w: 705px; --_m: 1535px - 72cqi; --_n: 1785px - 143cqi; }
  .long.compact { --_w: 340px - 13cqi; --_m: 395px; --_n: 690px - 67cqi; }
`;

/** German, French and Spanish take more room than the others. */
const isLong = (language: string): boolean => /^(de|es|fr)\b/.test(language);

/** The class of a place; `first` is the first panel on offer. */
export const placeOf = (compact: boolean, first: string | undefined, language: string): string =>
  `place ${compact ? 'compact' : first ? `for-${first}` : 'bare'}${isLong(language) ? ' long' : ''}`;
