/** The reader's tools, which come after the first answer: the address, copies, reset and undo, a pinned scenario, what is read out. */
import type { TemplateResult } from 'lit/html.js';
import type { Case } from './case.js';
import type { Asking, CompareInput } from './compare.js';
import { laterStyles } from './later-styles.js';
import type { LIT, PanelName } from './panel.js';
import type { kebab, textOf, textsOf, Texts } from './state.js';
import type { Scenario } from './types.js';
import type { Sections } from './words.js';

/** A reader's pause after which something is read out, in milliseconds. */
const ANNOUNCE_AFTER = 600;

/** Milliseconds from one write of the address to the next: browsers refuse more than 100 or 200 in ten seconds. */
const WRITES_APART = 120;

/** Fields that panels bring. A page that presets one of them needs to know it before its panel is shown. */
const BROUGHT: Readonly<Partial<Record<PanelName, string>>> = {
  limits: `operating-system file-descriptors ephemeral-ports time-wait tracked-connections proxy-endpoints client-library client-limit
    concurrency-model memory destination-limit response-size bandwidth proxy-round-trip origin-round-trip tls-version proxy-idle-timeout
    requests-per-ip credentials credential-sharing reduced-after-traffic`,
  'when-exceeded': `arrival-pattern burst-peak burst-length arrival-times workers think-time response-pattern spell spell-start spell-length
    slow-factor burst-factor fail-after timeout-covers late-work backoff backoff-factor longest-backoff jitter client-pool simulated-time seed`,
};

/** What the tools have from their element. Did they import it, it would be in a file of its own: another request before the answer. */
export interface Desk {
  lit: typeof LIT;
  kebab: typeof kebab;
  textOf: typeof textOf;
  textsOf: typeof textsOf;
  case: Case;
  root: ShadowRoot;
  /** Begins the element's keys in the address, and those of what is pinned. */
  prefix: () => string;
  text: () => Sections['element'];
  scenarioOf: (texts: Texts) => Scenario;
  asking: () => Asking;
  /** Settles when all is drawn. */
  draw: () => Promise<unknown>;
  calculate: () => void;
  stylePanels: () => Promise<void>;
  painted: () => Promise<void>;
}

export class Tools {
  #compare: typeof import('./compare.js') | undefined;
  #writing = false;
  #wrote = -WRITES_APART;
  /** Settles when the address says what was typed. */
  written: Promise<void> = Promise.resolve();
  #announcing: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly desk: Desk) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(laterStyles);
    // Before those of panels, whichever come first.
    desk.root.adoptedStyleSheets.splice(1, 0, sheet);
  }

  /** The panels that bring a field which the page presets, or the address under one of these prefixes. */
  brought(presets: (name: string) => boolean, prefixes: readonly string[]): PanelName[] {
    const shared = new URLSearchParams(location.hash.slice(1));
    const wanted = (name: string): boolean => presets(name) || prefixes.some((prefix) => shared.has(prefix + name));
    return Object.entries(BROUGHT).flatMap(([panel, names]) => (names.split(/\s+/).some(wanted) ? [panel as PanelName] : []));
  }

  footer(compact: boolean): TemplateResult {
    const { lit: { html }, case: { taken, pinned, told } } = this.desk;
    const text = this.desk.text();
    return html`<button type="button" class="link" @click=${() => this.#copyLink()}>${text.copyLink}</button>
      ${compact ? '' : html`<button type="button" class="link" @click=${() => this.#copyJson()}>${text.copyJson}</button>
        <button type="button" class="link" id="pin" @click=${() => this.#pin(this.desk.case.texts)}>${pinned ? text.pinAgain : text.pin}</button>
        <button type="button" class="link" @click=${({ detail }: MouseEvent) => detail < 2 && this.#reset()}>${taken ? text.undo : text.reset}</button>`}
      <span class="hint">${told || (compact ? '' : text.private)}</span>`;
  }

  comparison(input: Pick<CompareInput, 'label' | 'said' | 'counted'>): unknown {
    const { lit, kebab, textOf, case: c, scenarioOf, asking } = this.desk;
    if (!c.pinned || !this.#compare) return '';
    return this.#compare.render({
      ...c.voice, ...asking(), ...input, lit, kebab, textOf, fields: c.fields, pinned: scenarioOf(c.pinned), now: c.answered,
      swap: () => this.#swap(), close: () => void this.#pin(undefined),
    });
  }

  /** Gets what shows a comparison. */
  async load(): Promise<void> {
    if (this.#compare) return;
    const { case: c, text, draw, stylePanels } = this.desk;
    try {
      [this.#compare] = await Promise.all([import('./compare.js'), stylePanels()]);
    } catch (reason) {
      console.warn('proxy-concurrency: the comparison could not be loaded.', reason);
      c.told = text().panelMissing;
    }
    void draw();
  }

  /** Writes the address when what was typed has been painted, and not with each step of a slider. */
  write(): void {
    if (this.#writing) return;
    this.#writing = true;
    this.written = this.#writeSoon();
  }

  async #writeSoon(): Promise<void> {
    const rest = this.#wrote + WRITES_APART - performance.now();
    if (rest > 0) await new Promise((resolve) => void setTimeout(resolve, rest));
    await this.desk.painted();
    try {
      this.writeNow();
    } catch {
      // Others on the page write, too.
      setTimeout(() => this.write(), 5000);
    }
  }

  /** Keeps in the address where the case, and the pinned one, differ from the page's own. */
  writeNow(): void {
    this.#writing = false;
    const { case: { fields, asked, preset, pinned }, kebab, textOf, scenarioOf, prefix } = this.desk;
    const own = scenarioOf(preset);
    const differences = (prefix: string, scenario: Scenario) => fields.map(({ name }) => {
      const text = textOf(scenario, name);
      return [prefix + kebab(name), text === textOf(own, name) ? undefined : text] as const;
    });
    const compare = `${prefix()}compare`;
    const hash = written(location.hash, [
      ...differences(prefix(), asked), ...differences(`${compare}-`, pinned ? scenarioOf(pinned) : own), [compare, pinned && '1'],
    ]);
    if (hash === location.hash) return;
    this.#wrote = performance.now();
    // Whole: a page's base, or a path that begins with two slashes, would make another address of a part of it.
    history.replaceState(history.state, '', location.href.split('#', 1)[0] + hash);
  }

  /** Reads out what then holds, once the reader has paused. Not every figure of a moving slider. */
  announce(text: () => string): void {
    const { case: c, draw } = this.desk;
    clearTimeout(this.#announcing);
    this.#announcing = setTimeout(async () => {
      // Emptied before, so that the same words are read again.
      c.said = '';
      await draw();
      c.said = text();
      await draw();
    }, ANNOUNCE_AFTER);
  }

  /** All that is marked as wrong, each with the name of its field. */
  wrong(): string {
    const said = [...this.desk.root.querySelectorAll('.field')].flatMap((field) => {
      const [label, error] = ['.label', '.error'].map((part) => field.querySelector(part)?.textContent?.trim());
      return error ? [`${label}: ${error}`] : [];
    });
    return [...new Set(said)].join(' ');
  }

  /** What a panel has to say of what was typed into it. */
  readonly verdict = (): string => {
    const verdict = this.desk.root.querySelector('[data-say]');
    return this.wrong() || (verdict?.checkVisibility() && verdict.textContent) || '';
  };

  stop(): void {
    clearTimeout(this.#announcing);
  }

  #copyLink(): void {
    this.desk.case.edited = true;
    this.writeNow();
    void this.#copy(location.href);
  }

  #copyJson(): void {
    const { case: { asked, good, pinned }, scenarioOf, asking } = this.desk;
    const compared = pinned && this.#compare?.copied(scenarioOf(pinned), asking());
    void this.#copy(JSON.stringify({ scenario: asked, report: good, compared }, null, 2));
  }

  async #copy(copied: string): Promise<void> {
    const { case: c, text, draw } = this.desk;
    try {
      await navigator.clipboard.writeText(copied);
      c.told = text().copied;
    } catch {
      c.told = text().notCopied;
    }
    void draw();
    this.announce(() => c.told);
  }

  /** Back to what the page gives; and the other way round, while nothing has been typed since. */
  #reset(): void {
    const { case: c, text, calculate } = this.desk;
    const { taken, texts, locals } = c;
    c.edited = true;
    c.told = taken ? text().wasUndone : text().wasReset;
    c.taken = taken ? undefined : { texts, locals };
    Object.assign(c, taken ?? { texts: c.preset, locals: {} });
    calculate();
  }

  /** Keeps what is in the form, to compare later changes with it; `undefined` ends that. */
  async #pin(texts: Texts | undefined): Promise<void> {
    const { case: c, root, textsOf, draw } = this.desk;
    c.pinned = texts && c.refused.size > 0 ? textsOf(c.fields, c.answered, c.voice.decimalMark) : texts;
    c.edited = true;
    this.write();
    if (texts) await this.load();
    await draw();
    const next = root.querySelector<HTMLElement>(texts ? '#compared' : '#pin');
    next?.focus({ preventScroll: true });
    if (texts) next?.scrollIntoView({ block: 'nearest' });
  }

  #swap(): void {
    const { case: c, calculate } = this.desk;
    [c.texts, c.pinned] = [c.pinned!, c.texts];
    c.edited = true;
    calculate();
  }
}

/** A fragment in which these keys have these texts, or are not. Its other parts stay: a page anchor, another element's keys. */
function written(hash: string, entries: readonly (readonly [key: string, text: string | undefined])[]): string {
  const ours = new Set(entries.map(([key]) => key));
  const others = hash.replace(/^#/, '').split('&')
    // A key without a text is an anchor that is called the same.
    .filter((part) => part !== '' && !(part.includes('=') && [...new URLSearchParams(part).keys()].some((key) => ours.has(key))));
  const said = entries.flatMap(([key, text]) => (text === undefined
    ? [] : [`${encodeURIComponent(key)}=${encodeURIComponent(text).replace(/%20/g, '+').replace(/%2C/g, ',')}`]));
  const parts = [...others, ...said];
  return parts.length > 0 ? `#${parts.join('&')}` : '';
}
