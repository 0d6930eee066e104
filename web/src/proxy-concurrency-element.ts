/** `<proxy-concurrency>`: what a page sees of a calculator, and what the calculator sees of the page. */
import { isOn, OWN, panelsOf, turn, write } from './author.js';
import { placeStyles } from './place.js';
import { styles } from './styles.js';
import { isDark, watchTheme } from './theme.js';
import type { Report, Scenario } from './types.js';
import { Widget } from './widget.js';

export interface ChangeDetail {
  scenario: Scenario;
  report: Report;
}

/**
 * How many concurrent proxy connections, which plan, what breaks first and what happens over the limit: a calculator for documentation
 * pages. Each field of a scenario is an attribute, in kebab-case: `arrival-rate="50" response-time="2.5" plan-tiers="50, 100, 200"`.
 *
 * @tag proxy-concurrency
 * @attr {'auto' | 'light' | 'dark'} theme - Light or dark; `auto`, as without it, follows the page.
 * @attr {string} panels - Names of the panels to show, in this order: `limits scale`. Without it, all of them.
 * @attr {boolean} compact - Only the answer and its inputs, in less room.
 * @attr {boolean} readonly-plan - The plans on offer are the author's: a reader cannot change them.
 * @attr {string} locale - Language of words and numbers, as `de-AT`; without it, that of the nearest `lang`.
 * @fires {CustomEvent<ChangeDetail>} change - The scenario and its report, after every change that can be answered.
 * @slot - Shown until the calculator is ready, and for good where it cannot run.
 * @csspart base - All of it.
 * @csspart inputs - The numbers that a reader types.
 * @csspart answer - The answer with everything around it.
 * @csspart headline - The answer in large type.
 * @csspart formula - The calculation behind it.
 * @csspart ruler - The picture from the mean to the stress case.
 * @csspart note - A remark on the answer.
 * @csspart stale - The remark that the answer is an older one.
 * @csspart panel - The panel that is shown.
 * @csspart chart - A chart of a panel.
 * @csspart table - A table of a panel.
 * @csspart compared - The pinned scenario beside the present one.
 * @csspart footer - The buttons below.
 * @cssprop --pc-accent - Links, sliders and the chosen tab.
 * @cssprop --pc-text - Text.
 * @cssprop --pc-muted - Text of less weight.
 * @cssprop --pc-line - Borders.
 * @cssprop --pc-surface - The background.
 * @cssprop --pc-sunken - The background of the inputs and the formula.
 * @cssprop --pc-tint - The background of what is chosen.
 * @cssprop --pc-good - Room that is left, in pictures.
 * @cssprop --pc-warn - The background of remarks.
 * @cssprop --pc-warn-edge - Their edge.
 * @cssprop --pc-bad - Errors, and the stress case.
 * @cssprop --pc-font - The font family.
 * @cssprop --pc-mono - The font family of numbers and formulas.
 */
export class ProxyConcurrencyElement extends (globalThis.HTMLElement ?? class {}) {
  static define(tag = 'proxy-concurrency', registry = globalThis.customElements): typeof ProxyConcurrencyElement {
    // Quietly on a second load: documentation generators load scripts twice under two addresses.
    if (registry && !registry.get(tag)) registry.define(tag, this);
    return this;
  }

  readonly #widget = new Widget(this, this.attachShadow({ mode: 'open' }));
  readonly #resize = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry!.contentRect.width);
    if (width === this.#widget.width) return;
    this.#widget.width = width;
    // Not at once: a height that changes while sizes are told is an error to the window.
    requestAnimationFrame(this.#widget.draw);
  });
  readonly #attributes = new MutationObserver(() => this.#readAuthor());
  #near: IntersectionObserver | undefined;
  #unwatchTheme: () => void = () => {};

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(placeStyles + styles);
    this.shadowRoot!.adoptedStyleSheets = [sheet];
  }

  /** Settles when what is shown is up to date, and the address with it. */
  get updateComplete(): Promise<unknown> {
    const { drawn, tools } = this.#widget;
    return Promise.all([drawn, tools?.written]);
  }

  /** The scenario as the core was last asked. Setting it replaces everything typed. */
  get scenario(): Scenario {
    return this.#widget.case.asked;
  }
  set scenario(scenario: Scenario) {
    this.#widget.preset.set(scenario);
  }

  get theme(): 'auto' | 'light' | 'dark' {
    const said = this.getAttribute('theme');
    return said === 'light' || said === 'dark' ? said : 'auto';
  }
  set theme(theme: 'auto' | 'light' | 'dark' | null) {
    write(this, 'theme', theme);
  }

  /** Names of panels in the order in which they are shown. Setting takes a list or the attribute's text; `null` is all of them. */
  get panels(): readonly string[] {
    return panelsOf(this);
  }
  set panels(panels: readonly string[] | string | null) {
    write(this, 'panels', panels);
  }

  get compact(): boolean {
    return isOn(this, 'compact');
  }
  set compact(on: boolean) {
    turn(this, 'compact', on);
  }

  get readonlyPlan(): boolean {
    return isOn(this, 'readonly-plan');
  }
  set readonlyPlan(on: boolean) {
    turn(this, 'readonly-plan', on);
  }

  /** Language of words and numbers; empty for that of its place. */
  get locale(): string {
    return this.getAttribute('locale') ?? '';
  }
  set locale(locale: string) {
    write(this, 'locale', locale || null);
  }

  /** The last good answer. */
  get report(): Report | null {
    return this.#widget.case.good;
  }

  connectedCallback(): void {
    this.#takeEarly();
    if (!this.hasAttribute('data-state')) this.setAttribute('data-state', 'loading');
    this.#readAuthor();
    this.#unwatchTheme = watchTheme(this.#look);
    this.#resize.observe(this);
    this.#attributes.observe(this, { attributes: true });
    for (let root: Node | undefined = this.getRootNode(); root; root = (root as ShadowRoot).host?.getRootNode()) {
      this.#attributes.observe(root, { attributes: true, attributeFilter: ['lang'], subtree: true });
    }
    addEventListener('hashchange', this.#widget.preset.onHash);
    addEventListener('beforeprint', this.#start);
    if (this.#widget.engine) return;
    if ('IntersectionObserver' in globalThis) {
      this.#near = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.#start(), { rootMargin: '300px' });
      this.#near.observe(this);
    } else {
      this.#start();
    }
  }

  disconnectedCallback(): void {
    this.#resize.disconnect();
    this.#attributes.disconnect();
    this.#unwatchTheme();
    this.#near?.disconnect();
    removeEventListener('hashchange', this.#widget.preset.onHash);
    removeEventListener('beforeprint', this.#start);
    this.#widget.tools?.stop();
  }

  readonly #start = (): void => {
    this.#near?.disconnect();
    // Now that the page has its styles.
    this.#look();
    this.#widget.start();
  };

  /** A page may have set properties before this class was there: the setters have not seen them. */
  #takeEarly(): void {
    for (const name of OWN) {
      const early = Object.getOwnPropertyDescriptor(this, name);
      if (!early) continue;
      delete (this as Record<string, unknown>)[name];
      (this as Record<string, unknown>)[name] = early.value;
    }
  }

  /** What stands in the attributes, when one has changed. */
  #readAuthor(): void {
    const { details, draw, engine, preset, speaking } = this.#widget;
    details.names = panelsOf(this);
    draw();
    if (!engine) return;
    this.#look();
    speaking.follow();
    preset.read();
    this.#widget.fetchParts();
  }

  readonly #look = (): void => {
    const { theme } = this;
    const dark = theme === 'auto' ? isDark(this) : theme === 'dark';
    if (dark !== this.#widget.dark) this.#widget.draw();
    this.#widget.dark = dark;
  };
}
