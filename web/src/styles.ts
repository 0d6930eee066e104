/** No rem: a documentation theme's root size is anything from 10 to 20 px. Logical properties, for right-to-left. */
export const styles = `
  :host {
    --_accent: var(--pc-accent, light-dark(#0a5fd0, #6cb0ff));
    --_text: var(--pc-text, light-dark(#15202b, #e9eef4));
    --_muted: var(--pc-muted, light-dark(#566575, #9fb0c0));
    --_line: var(--pc-line, light-dark(#dde2ee, #2a3744));
    --_surface: var(--pc-surface, light-dark(#ffffff, #111921));
    --_sunken: var(--pc-sunken, light-dark(#f4f6fb, #19232d));
    --_tint: var(--pc-tint, light-dark(#e3effd, #14305a));
    --_warn: var(--pc-warn, light-dark(#fdf0da, #3a2c14));
    --_warn-edge: var(--pc-warn-edge, light-dark(#94590a, #ffb862));
    --_bad: var(--pc-bad, light-dark(#b3201c, #ff9d94));
    --_good: var(--pc-good, light-dark(#4c9a82, #3f8a72));
    --_mono: var(--pc-mono, ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace);
    display: block;
    container-type: inline-size;
    /* For a place that is as wide as what stands in it: a container of its own size has no width to tell. */
    contain-intrinsic-inline-size: min(820px, 100vw);
    max-width: min(820px, 100%);
    min-width: 0;
  }
  :host([hidden]) { display: none; }
  * { box-sizing: border-box; }
  p, h3, figure, fieldset, form { margin: 0; padding: 0; border: 0; min-width: 0; }
  .bare > .main, [role='tabpanel'] { flex: 1 0 auto; }
  /* What changes in one of them is painted without the others. */
  .inputs, .answer, [role='tabpanel'] { contain: layout paint; }
  .light { color-scheme: light; }
  .dark { color-scheme: dark; }
  .card { color: var(--_text); font: 15px/1.5 var(--pc-font, system-ui, sans-serif); text-align: start; background: var(--_surface); border: 1px solid var(--_line); border-radius: 14px; overflow: hidden; display: flex; flex-direction: column; }
  .sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  :focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }

  /* inputs */
  .inputs { background: var(--_sunken); padding: 18px 20px; display: grid; gap: 14px; align-content: start; border-block-end: 1px solid var(--_line); }
  .above, legend { display: flex; justify-content: space-between; gap: 8px; align-items: baseline; width: 100%; padding: 0; margin-block-end: 5px; font-size: 13px; }
  .label { font-weight: 600; }
  .hint, .unit { color: var(--_muted); font-size: 13px; }
  .box { display: flex; border: 1px solid var(--_line); border-radius: 8px; background: var(--_surface); min-height: 34px; }
  .box:focus-within { border-color: var(--_accent); }
  .wrong .box { border-color: var(--_bad); box-shadow: 0 0 0 1px var(--_bad); }
  .box > :is(input, textarea, select) { flex: 1; min-width: 0; width: 100%; border: 0; background: none; color: inherit; font: 600 14px/1.4 var(--_mono); padding: 6px 10px; border-radius: 7px; }
  [dir='rtl'] .box > input { text-align: right; }
  .box > select { font: 400 13px/1.4 var(--pc-font, system-ui, sans-serif); cursor: pointer; }
  .box > select option { background: var(--_surface); color: var(--_text); }
  .box > input + select { flex: none; width: auto; max-width: 60%; color: var(--_muted); border-inline-start: 1px solid var(--_line); border-radius: 0 7px 7px 0; }
  .box > textarea { resize: vertical; font-weight: 400; }
  .box .unit { padding: 6px 10px; border-inline-start: 1px solid var(--_line); align-self: stretch; }
  input::placeholder { color: var(--_muted); font-weight: 400; opacity: 1; }
  input[type='range'] { display: block; width: 100%; height: 24px; margin: 4px 0 0; accent-color: var(--_accent); cursor: pointer; }
  .field:not(.wrong):has(> [type='range']) { margin-block-end: -8px; }
  .error { color: var(--_bad); font-size: 13px; line-height: 1.35; }
  .error:not(:empty) { margin-block-start: 4px; }
  .given { font-size: 14px; overflow-wrap: anywhere; margin-block-start: 3px; }
  .fixed .label { font-size: 13px; }
  .segments .box { overflow: hidden; }
  .segments label { flex: 1; cursor: pointer; text-align: center; font-size: 13px; }
  .segments label span { display: block; padding: 6px 4px; color: var(--_muted); }
  .segments input { position: absolute; opacity: 0; pointer-events: none; }
  .segments input:checked + span { background: var(--_tint); color: var(--_accent); font-weight: 600; }
  .segments input:focus-visible + span { outline: 2px solid var(--_accent); outline-offset: -2px; }
  button { font: inherit; cursor: pointer; }
  .link { border: 0; background: none; padding: 2px 0; min-height: 24px; color: var(--_accent); font-size: 13px; font-weight: 600; text-align: start; }
  .link.hint { font-weight: 400; min-height: 0; padding: 0; }
  .link.inline { font-size: inherit; padding: 0; min-height: 0; }
  .link:hover { text-decoration: underline; }

  /* answer */
  .answer { padding: 20px 22px; min-width: 0; }
  .answer > * + * { margin-block-start: 14px; }
  .answer > h3 + .headline { margin-block-start: 0; }
  /* What is old is grey all over, and still to be read. */
  .answer[data-stale] > :not([part='stale']), [role='tabpanel'][data-stale] > :not(form) { --_text: var(--_muted); --_accent: var(--_muted); --_bad: var(--_muted); color: var(--_muted); }
  h3 { font-size: 12px; font-weight: 700; letter-spacing: 0.06em; text-transform: uppercase; color: var(--_muted); }
  .headline { font-size: 18px; font-weight: 600; line-height: 1.25; color: var(--_muted); }
  .headline strong { font-size: 42px; font-weight: 750; letter-spacing: -0.02em; color: var(--_text); font-variant-numeric: tabular-nums; }
  .formula { background: var(--_sunken); border-radius: 8px; padding: 10px 12px; font: 14px/1.65 var(--_mono); display: grid; overflow-wrap: anywhere; }
  .formula em { font-style: normal; color: var(--_accent); }
  .formula .step { padding-inline-start: 1.6em; }
  .note { background: var(--_warn); border-inline-start: 3px solid var(--_warn-edge); border-radius: 0 8px 8px 0; padding: 10px 14px; font-size: 14px; }
  .note.plain { background: var(--_sunken); border-color: var(--_line); }

  /* the compact form */
  .compact .inputs { padding: 14px; gap: 10px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 120px), 1fr)); }
  /* Boxes side by side, however many lines their labels take. */
  .compact .inputs:not(:has(.error:not(:empty))) { align-items: end; }
  .compact .field:first-child, .compact .field:has(textarea) { grid-column: 1 / -1; }
  .compact [type='range'], .compact .above .hint { display: none; }
  .compact .field:has(> [type='range']) { margin: 0; }
  .compact .answer { padding-block: 14px; }
  .compact .headline { font-size: 15px; }
  .compact .headline strong { font-size: 30px; }
  .compact .formula { font-size: 13px; }

  /* Letters that are joined must not be pulled apart. */
  :lang(ar) :is(h3, legend, strong) { letter-spacing: normal; }

  /* pictures */
  svg { display: block; direction: ltr; max-width: 100%; font-size: 12px; overflow: visible; fill: var(--_text); }
  svg text.muted { fill: var(--_muted); }
  svg text.strong, svg text.plan { font-weight: 700; }
  svg text.stress { fill: var(--_bad); font-weight: 700; }
  svg text.halo { stroke: var(--_surface); stroke-width: 4px; paint-order: stroke; stroke-linejoin: round; }
  .track { fill: var(--_sunken); stroke: var(--_line); }
  .ruler .mean { fill: var(--_accent); }
  .with-headroom { fill: color-mix(in srgb, var(--_accent) 40%, var(--_surface)); }
  line.plan { stroke: var(--_text); stroke-width: 2; }
  line.stress { stroke: var(--_bad); stroke-width: 2; stroke-dasharray: 4 3; }

  /* panels */
  [role='tablist'] { display: flex; overflow-x: auto; scrollbar-width: thin; padding: 0 12px; border-block: 1px solid var(--_line); }
  [role='tab'] { border: 0; background: none; color: var(--_muted); font-weight: 600; font-size: 14px; padding: 12px 10px; white-space: nowrap; border-block-end: 2px solid transparent; }
  [role='tab'][aria-selected='true'] { color: var(--_accent); border-color: var(--_accent); }
  [role='tab']:focus-visible { outline-offset: -3px; }
  [role='tabpanel'] { padding: 20px 22px; min-height: 320px; }
  [role='tabpanel'] > .note { margin-block-start: 14px; }
  .placeholder { padding: 20px; }

  @container (min-width: 620px) {
    .main { display: grid; grid-template-columns: 300px 1fr; }
    .inputs { border-block-end: 0; border-inline-end: 1px solid var(--_line); }
  }
  @container (max-width: 440px) {
    .inputs, .answer, [role='tabpanel'] { padding-inline: 14px; }
    .headline strong { font-size: 36px; }
    .headline { font-size: 16px; }
  }
  @media (prefers-contrast: more) {
    :host { --_muted: var(--_text); --_line: var(--_text); }
    .link { text-decoration: underline; }
  }
  @media (forced-colors: active) {
    .link { color: LinkText; text-decoration: underline; }
    [role='tab'] { border-color: Canvas; }
    [role='tab'][aria-selected='true'], .segments input:checked + span {
      forced-color-adjust: none; background: SelectedItem; color: SelectedItemText; border-color: Highlight; outline: 2px solid Highlight; outline-offset: -2px;
    }
    svg text[class] { fill: CanvasText; }
    svg text.halo { stroke: Canvas; }
    line.plan, line.stress { stroke: CanvasText; }
    .ruler .mean { fill: Highlight; }
    .track, .with-headroom { fill: Canvas; stroke: CanvasText; }
  }
`;
