/** What the first answer does without: the fold, what is compared, the footer, and paper. It comes with the tools. */
export const laterStyles = `
  .more-inputs { background: var(--_sunken); border-block: 1px solid var(--_line); padding: 18px 20px; display: grid; gap: 22px; }
  .more-inputs[hidden] { display: none; }
  .group { display: grid; gap: 12px 16px; align-content: start; grid-template-columns: repeat(auto-fill, minmax(min(100%, 210px), 1fr)); }
  .group > legend { font-weight: 700; font-size: 12px; color: var(--_muted); text-transform: uppercase; letter-spacing: 0.05em; margin-block-end: 8px; }
  /* Letters that are joined must not be pulled apart. */
  :lang(ar) .group > legend { letter-spacing: normal; }
  .compared { padding: 16px 22px; border-block-start: 1px solid var(--_line); }
  footer { display: flex; margin-block-start: auto; flex-wrap: wrap; align-items: center; gap: 4px 16px; padding: 10px 22px; border-block-start: 1px solid var(--_line); }
  footer .hint { margin-inline-start: auto; }
  .compact footer { padding-block: 4px; }
  @container (min-width: 620px) {
    .more-inputs { grid-column: 1 / -1; grid-row: 2; margin-block-end: -1px; }
  }
  @container (max-width: 440px) {
    .compared, footer { padding-inline: 14px; }
    footer .hint { margin-inline-start: 0; }
  }
  /* On paper inputs are what stands in them, and the panel that is shown has its tab as its title. */
  @media print {
    .card { color-scheme: light; border-radius: 0; min-height: 0; }
    .inputs, .answer, [role='tabpanel'] { contain: none; }
    button:not(.inline, [aria-selected='true']), input[type='range'], .segments label:not(:has(:checked)), footer { display: none; }
    .inline { color: inherit; }
    .field:has([placeholder='']:placeholder-shown), .field:has(select > [value='']:checked) { display: none; }
    .box, .box > :is(*, input, input + select) { border: 0; padding-inline: 0 6px; resize: none; appearance: none; }
    .box, .box > :is(input, select) { flex: none; field-sizing: content; width: auto; min-height: 0; background: none; }
    .segments span { padding-inline: 0; text-align: start; background: none !important; }
    .answer > *, figure, tr { break-inside: avoid; }
    svg { height: auto; }
  }
`;
