/** What panels alone draw: it comes with the first of them. */
export const panelStyles = `
  .grid { stroke: var(--_line); }
  .curve { fill: none; stroke: var(--_accent); stroke-width: 2.5; stroke-linejoin: round; }
  .curve.headroom { stroke-width: 1.75; stroke-dasharray: 6 4; opacity: 0.6; }
  .edge { stroke: var(--_text); stroke-dasharray: 5 4; stroke-width: 1.25; }
  .curve.stress { stroke: var(--_bad); stroke-dasharray: 6 4; stroke-width: 2; }
  .key.stress { border-block-start: 2px dashed var(--_bad); }
  .point { fill: var(--_surface); stroke: var(--_accent); stroke-width: 3; }
  .point.stress { stroke: var(--_bad); }
  .halves > * > h3 { margin-block-end: 8px; }
  .assumptions { color: var(--_muted); font-size: 13px; margin-block-start: 14px; }
  .said { font-size: 14px; margin-block-end: 16px; }
  figcaption { display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 12px; color: var(--_muted); margin-block: 2px 14px; }
  .key { display: inline-block; vertical-align: middle; width: 22px; border-block-start: 2.5px solid var(--_accent); margin-inline-end: 4px; }
  .key.headroom { border-block-start-style: dashed; opacity: 0.7; }
  .drawing + .drawing { margin-block-start: 10px; }
  .box.client { fill: var(--_tint); stroke: var(--_accent); }
  rect.box { fill: var(--_sunken); stroke: var(--_line); }
  .leg { stroke: var(--_accent); stroke-width: 1.75; }
  .leg.streams { stroke: var(--_good); stroke-width: 8; }
  .scroll { overflow-x: auto; }
  .drawing ~ .scroll { margin-block-start: 14px; }
  table { width: 100%; border-collapse: collapse; font-size: 14px; }
  caption { text-align: start; color: var(--_muted); font-size: 12px; padding-block-end: 4px; }
  th, td { padding: 9px 8px; border-block-end: 1px solid var(--_line); text-align: end; font-weight: 400; }
  td { font-family: var(--_mono); font-variant-numeric: tabular-nums; white-space: nowrap; }
  th:first-child { text-align: start; padding-inline-start: 0; }
  thead th { color: var(--_muted); font-weight: 600; font-size: 12.5px; vertical-align: bottom; }
  tr.chosen > * { background: var(--_tint); font-weight: 600; }
  tr.chosen th:first-child { padding-inline-start: 8px; }
  tr.short > * { color: var(--_muted); }
  td.quiet { white-space: normal; font: 12.5px/1.35 var(--pc-font, system-ui, sans-serif); color: var(--_muted); }
  .compare th:first-child { min-width: 7.5em; }
  .tag { font-size: 11px; color: var(--_muted); font-weight: 400; white-space: nowrap; }
  .chosen .tag { color: var(--_accent); font-weight: 600; }

  .compared .link + .link { margin-inline-start: 16px; }
  .compared .above { flex-wrap: wrap; }
  .compared tbody + tbody > tr:first-child > * { border-block-start: 1px solid var(--_line); }

  /* a panel's own inputs */
  .fields { display: grid; gap: 12px 16px; align-items: start; grid-template-columns: repeat(auto-fill, minmax(min(100%, 205px), 1fr)); }
  .fields.narrow { grid-template-columns: repeat(auto-fill, minmax(min(100%, 172px), 1fr)); }
  .fields .field:has(textarea) { grid-column: 1 / -1; }
  .fields .field:has([name='proxy-url']) { grid-column: span 2; }
  .segments .box:has(label) { flex-wrap: wrap; }
  .clients label { flex: 1 0 auto; min-width: 64px; }
  .clients label span { padding-inline: 8px; }

  .own { margin-block-end: 18px; }
  .fields + * { margin-block-start: 14px; }
  .more-of summary { color: var(--_accent); font-size: 13px; font-weight: 600; cursor: pointer; padding-block: 2px; min-height: 24px; }
  .settings { margin-block-start: 16px; }
  .halves + .more-of { margin-block-start: 14px; }
  .more-of > .fields, .more-of > .own { margin-block-start: 10px; }
  .halves, .mix { margin-block-start: 24px; }
  .halves { display: grid; gap: 24px; }
  .halves > * { min-width: 0; }
  .halves .note { margin-block-start: 12px; }

  /* layers */
  .verdict { font-size: 16px; margin-block: 6px 8px; }
  .bad { color: var(--_bad); }
  .layer { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 14px; }
  .layer > span { flex: 0 0 170px; }
  .use { flex: 1 1 140px; width: auto; min-width: 0; border-radius: 5px; overflow: hidden; fill: var(--_accent); }
  .use:dir(rtl) { transform: scaleX(-1); }
  .use .track { stroke: none; }
  .use .over { fill: var(--_bad); }
  tr.first > * { font-weight: 600; }
  .layers ~ .note { margin-block-start: 10px; }
  .sources { font-size: 13px; margin: 6px 0 0; }
  .sources dt { font-weight: 600; }
  .sources dd { margin: 0 0 6px; color: var(--_muted); overflow-wrap: anywhere; }

  /* simulated */
  /* As high as it is where nothing happens for a while: what is below stays where it is when it comes. */
  .simulated { margin-block-start: 28px; min-height: 1120px; }
  .simulated figcaption { min-height: 18px; }
  /* A line is as high without words as with them. */
  .simulated .assumptions::after { content: ''; display: inline-block; }
  .simulated > .own { margin-block: 10px 12px; }
  .segments:has([name='spell']) { grid-column: 1 / -1; }
  .segments:has([name='spell']) label { flex: 1 0 auto; }
  .segments:has([name='spell']) label span { padding-inline: 10px; }
  .progress { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 12px; min-height: 26px; margin-block-end: 8px; }
  .progress progress { flex: 0 1 140px; height: 8px; accent-color: var(--_accent); }
  .span { fill: var(--_warn); }
  .area { stroke-width: 1.25; stroke: var(--_bad); fill: var(--_bad); }
  .area.timedOut { fill-opacity: 0.3; }
  .area.errored { fill: none; stroke: var(--_text); }
  .key:is(.rejected, .timedOut, .errored) { height: 9px; border: 1.25px solid var(--_bad); background: var(--_bad); }
  .key.timedOut { background: color-mix(in srgb, var(--_bad) 30%, transparent); }
  .key.errored { border-color: var(--_text); background: none; }
  .simulated table, .simulated .scroll, .simulated .scroll ~ .more-of { margin-block-start: 16px; }
  .simulated .scroll > table { margin-block-start: 0; }
  .simulated .scroll tbody th { overflow-wrap: normal; white-space: nowrap; }
  .half { color: var(--_muted); white-space: nowrap; }
  .word { display: block; font-size: 12px; color: var(--_muted); }
  .beside td.quiet { text-align: start; width: 22%; padding-inline-start: 20px; }
  .beside th:nth-child(4) { text-align: start; padding-inline-start: 20px; }
  .agrees { color: var(--_good); }

  /* probe */
  .phases .tag { display: block; white-space: normal; }
  .next-part { margin-block: 28px 8px; }
  h3 + .own { margin-block-start: 10px; }
  .paste textarea { min-height: 132px; }
  ul { margin: 6px 0 16px; padding-inline-start: 18px; font-size: 14px; }
  li + li { margin-block-start: 4px; }
  .pasted { margin: 8px 0 0; padding-block: 8px; padding-inline: 56px 12px; max-height: 260px; overflow: auto; background: var(--_sunken); border-radius: 10px; font: 13px/1.6 var(--_mono); direction: ltr; }
  .pasted li { white-space: pre; margin: 0; min-height: 1.6em; }
  .pasted li::marker { color: var(--_muted); font-size: 11px; }
  .pasted .missed { text-decoration: line-through; color: var(--_muted); }
  mark { background: var(--_warn); color: inherit; border-inline-start: 3px solid var(--_warn-edge); padding-inline: 4px; border-radius: 2px; }

  /* programs */
  .program { margin-block-start: 14px; }
  [role='tabpanel'] [data-stale] { --_text: var(--_muted); --_accent: var(--_muted); color: var(--_muted); }
  .file figcaption { margin-block: 12px 6px; }
  pre { margin: 0; padding: 14px 16px; background: var(--_sunken); border-radius: 10px; overflow: auto; max-height: 720px; scrollbar-width: thin; font: 13px/1.6 var(--_mono); tab-size: 4; direction: ltr; text-align: left; }
  pre.command { white-space: pre-wrap; overflow-wrap: anywhere; }
  code { font-family: var(--_mono); }
  .below { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 12px; margin-block: 8px 12px; font-size: 13px; color: var(--_muted); }
  .run { display: grid; grid-template-columns: auto 1fr; gap: 2px 12px; margin: 0 0 14px; font-size: 13px; }
  .run dt { color: var(--_muted); }
  .run dd { margin: 0; overflow-wrap: anywhere; }
  @container (min-width: 620px) {
    .halves { grid-template-columns: 1.15fr 1fr; gap: 28px; }
  }
  @container (max-width: 440px) {
    .fields .field { grid-column: 1 / -1 !important; }
    th, td { padding: 8px 5px; font-size: 13px; }
    /* Names break, numbers do not; letters of one width would take too much of it. */
    tbody th { hyphens: auto; overflow-wrap: anywhere; }
    td { white-space: normal; font-family: inherit; }
    .half { display: block; font-size: 12px; }
    .simulated { min-height: 1400px; }
  }
  @container (max-width: 340px) {
    th, td { padding-inline: 3px; font-size: 12px; }
    .layer > span { flex: 1 1 64px; }
    .use { flex-basis: 64px; }
  }
  @media (forced-colors: active) {
    .use { fill: Highlight; border: 1px solid CanvasText; }
    .use .over { fill: CanvasText; }
    .curve, .leg, .point, .edge { stroke: CanvasText; }
    .grid { stroke: GrayText; }
    .span { fill: none; stroke: GrayText; }
    .area, .area.errored { stroke: CanvasText; }
    .area.rejected { fill: CanvasText; }
    .area.timedOut { fill: GrayText; }
    .key:is(.rejected, .timedOut, .errored) { forced-color-adjust: none; border-color: CanvasText; background: none; }
    .key.rejected { background: CanvasText; }
    .key.timedOut { background: GrayText; }
    .leg.streams { stroke: CanvasText; }
    .box.client, rect.box { fill: Canvas; stroke: CanvasText; }
  }
  @media print {
    .simulated { min-height: 0; }
    .simulated:not(:has(svg)) { display: none; }
    .progress button, .progress progress { display: none; }
    pre, .scroll, .pasted { max-height: none; overflow: visible; }
    pre, .pasted li { white-space: pre-wrap; overflow-wrap: anywhere; }
    details:not([open]) { display: none; }
    /* Paper does not scroll. */
    .halves { grid-template-columns: minmax(0, 1fr); }
  }
`;
