/** `<proxy-concurrency>`: holds what was typed, asks the engine, shows the answer. */
import { html, nothing, render, type TemplateResult } from 'lit/html.js';
import answerWords from 'words:answer';
import elementWords from 'words:element';
import fieldTexts from 'words:fields';
import { answer, sentence } from './answer.js';
import { loadEngine, type Engine, type Refusal } from './engine.js';
import { form, isMain, row, type FormInput } from './form.js';
import type { FieldTexts } from './messages.js';
import { parse } from './number.js';
import { BRINGS, BROUGHT, LIT, PANELS, type Fields, type Panel } from './panel.js';
import { fromAttribute, isShare, kebab, readHash, textsOf, toScenario, writeHash, type Texts } from './state.js';
import { styles } from './styles.js';
import type { Field, Report, Scenario } from './types.js';
import { ENGLISH, localeOf, needed, voiceOf, type Language, type Sections, type Voice } from './words.js';

/** Shown where the author presets nothing: 50 requests a second at 2.5 s, and a few plans. */
const EXAMPLE: Scenario = { arrivalRate: 50, responseTime: 2.5, responseTimeP95: 8, planTiers: [50, 100, 200, 500, 1000] };

/** A reader's pause after which the answer is read out, in milliseconds. */
const ANNOUNCE_AFTER = 600;

const warn = (reason: unknown): undefined => void console.warn('proxy-concurrency: the page’s language could not be loaded.', reason);

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

  /** Settles when what is shown is up to date. */
  updateComplete: Promise<unknown> = Promise.resolve();
  #drawing = false;
  readonly #root = this.attachShadow({ mode: 'open' });
  #texts: Texts = {};
  #engine: Engine | undefined;
  #failed = false;
  #errors: ReadonlyMap<string, string> = new Map();
  #panel = Object.keys(PANELS)[0] as keyof typeof PANELS;
  #loaded: Readonly<Partial<Record<keyof typeof PANELS, Panel>>> = {};
  /** A panel that could not be loaded. */
  #missing = '';
  #width = 0;
  #said = '';
  #told = '';
  #moreOpen = false;
  /** The folded inputs, once they are there. */
  #more: typeof import('./more.js') | undefined;
  /** Those of the engine, and those that panels have brought. */
  #fields: readonly Field[] = [];
  #voice = voiceOf('en', ENGLISH);
  /** The locale that was asked for last; its language may still be on its way. */
  #locale = 'en';
  /** Settles when the language of that locale has come, and when all of it has come. */
  #speaking: Promise<unknown> = Promise.resolve();
  #spoken: Promise<unknown> = Promise.resolve();
  /** What a panel has brought. */
  #brought: ReturnType<NonNullable<Panel['brings']>> | undefined;
  /** What the engine refused; `errors` has what the shown panel refused, too. */
  #refused: ReadonlyMap<string, string> = new Map();
  /** What each panel last said, and to which scenario. */
  readonly #answers = new Map<string, { scenario: Scenario; answer: unknown }>();
  readonly #locals: Record<string, Record<string, unknown>> = {};
  /** What the core was last asked, good or not. */
  #asked: Scenario = {};
  /** What the core last answered. */
  #answered: Scenario = {};
  #given: Scenario = {};
  #good: Report | null = null;
  #preset: Texts = {};
  #panelSheet: CSSStyleSheet | undefined;
  #edited = false;
  readonly #resize = new ResizeObserver(([entry]) => {
    this.#width = Math.floor(entry!.contentRect.width);
    this.#draw();
  });
  readonly #attributes = new MutationObserver(() => {
    if (this.#engine) this.#localize();
    this.#readPreset();
  });
  #near: IntersectionObserver | undefined;
  #announcing: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    this.#root.adoptedStyleSheets = [sheet];
  }

  /** Draws anew, once for all changes of a turn. */
  #draw(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    this.updateComplete = Promise.resolve().then(() => {
      this.#drawing = false;
      render(this.#view(), this.#root, { host: this });
    });
  }

  /** The scenario as the core was last asked. Setting it replaces everything typed. */
  get scenario(): Scenario {
    return this.#asked;
  }
  set scenario(scenario: Scenario) {
    this.#given = scenario;
    if (this.#engine) {
      this.#texts = textsOf(this.#fields, scenario, this.#decimalMark);
      this.#calculate();
      this.#fetchBrought();
    }
  }

  /** Language of words and numbers; empty for that of its place. */
  get locale(): string {
    return this.getAttribute('locale') ?? '';
  }
  set locale(locale: string) {
    this.toggleAttribute('locale', !!locale);
    if (locale) this.setAttribute('locale', locale);
  }

  /** The last good answer. */
  get report(): Report | null {
    return this.#good;
  }

  connectedCallback(): void {
    this.#takeEarlyScenario();
    if (!this.hasAttribute('data-state')) this.setAttribute('data-state', 'loading');
    this.#draw();
    this.#resize.observe(this);
    this.#attributes.observe(this, { attributes: true });
    for (let root: Node | undefined = this.getRootNode(); root; root = (root as ShadowRoot).host?.getRootNode()) {
      this.#attributes.observe(root, { attributes: true, attributeFilter: ['lang'], subtree: true });
    }
    // It may have been moved to a place of another language.
    if (this.#engine) this.#localize();
    addEventListener('hashchange', this.#onHash);
    addEventListener('beforeprint', this.#start);
    if (this.#engine) return;
    if ('IntersectionObserver' in globalThis) {
      this.#near = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.#start(), { rootMargin: '300px' });
      this.#near.observe(this);
    } else {
      this.#start();
    }
  }

  /** A page may have set the property before this class was there: the setter has not seen it. */
  #takeEarlyScenario(): void {
    const early = Object.getOwnPropertyDescriptor(this, 'scenario');
    if (!early) return;
    delete (this as { scenario?: Scenario }).scenario;
    this.scenario = early.value as Scenario;
  }

  disconnectedCallback(): void {
    this.#resize.disconnect();
    this.#attributes.disconnect();
    this.#near?.disconnect();
    removeEventListener('hashchange', this.#onHash);
    removeEventListener('beforeprint', this.#start);
    clearTimeout(this.#announcing);
  }

  readonly #start = (): void => {
    this.#near?.disconnect();
    if (this.#engine) return;
    this.#localize();
    Promise.all([loadEngine(), this.#speaking]).then(
      ([engine]) => {
        this.#engine = engine;
        this.#spoken = this.#wholeOf(this.#voice.language).then((language) => this.#speak(this.#voice.locale, language));
        this.#fields = engine.fields;
        this.#readPreset();
        void this.#loadMore();
        void this.#loadPanel(this.#panel);
      },
      (reason: unknown) => {
        console.warn('proxy-concurrency: the calculator could not start.', reason);
        this.#failed = true;
        this.#draw();
        this.setAttribute('data-state', 'unavailable');
      },
    );
  };

  get #format(): Voice['format'] {
    return this.#voice.format;
  }
  get #decimalMark(): string {
    return this.#voice.decimalMark;
  }

  /** Speaks the language of its place. */
  #localize(): void {
    const locale = localeOf(this);
    if (locale === this.#locale) return;
    this.#locale = locale;
    const known = /^en\b/.test(locale) ? Promise.resolve(ENGLISH) : import('./language.js').then(({ languageFor }) => languageFor(locale), warn);
    this.#speaking = known.then(async (language = ENGLISH) => this.#speak(locale, this.#engine ? await this.#wholeOf(language) : language));
  }

  /** The language with the sections that the first answer did without. */
  async #wholeOf(language: Language): Promise<Language> {
    return (await language.rest?.().catch(warn)) ?? language;
  }

  #speak(locale: string, language: Language): void {
    // Another one may have been asked for meanwhile.
    if (locale !== this.#locale) return;
    const [before, fields] = [this.#decimalMark, this.#fields];
    this.#voice = voiceOf(locale, language);
    if (before !== this.#decimalMark) {
      const same = (texts: Texts): Texts => textsOf(fields, toScenario(fields, texts, before), this.#decimalMark);
      [this.#texts, this.#preset] = [same(this.#texts), same(this.#preset)];
    }
    this.#explainAgain();
  }

  get #labels(): FieldTexts {
    const { words } = this.#voice;
    return {
      ...words('fields', fieldTexts), ...(this.#more ? words('moreFields', this.#more.texts) : {}),
      ...(this.#brought ? words('environmentFields', this.#brought.texts) : {}),
    };
  }

  get #help(): Readonly<Record<string, string>> {
    const { words } = this.#voice;
    return {
      ...(this.#more ? words('help', this.#more.help) : {}),
      ...(this.#brought ? words('environmentHelp', this.#brought.help) : {}),
    };
  }

  get #hashPrefix(): string {
    return this.id ? `${this.id}.` : '';
  }

  /** From the attributes and the property. */
  #presetOf(fields: readonly Field[]): Texts {
    const own = fields.flatMap((field) => {
      const text = this.getAttribute(kebab(field.name));
      return text === null ? [] : [[kebab(field.name), fromAttribute(field, text, this.#decimalMark)]];
    });
    const authors = this.#engine?.fields.some(({ name }) => this.hasAttribute(kebab(name)));
    const given = Object.keys(this.#given).length > 0 ? this.#given : authors ? {} : EXAMPLE;
    return { ...textsOf(fields, given, this.#decimalMark), ...(Object.fromEntries(own) as Texts) };
  }

  #shared(fields: readonly Field[]): Texts {
    return readHash(location.hash, fields, this.#hashPrefix, this.#decimalMark);
  }

  /** With the URL on top. */
  #readPreset(): void {
    if (!this.#engine) return;
    this.#fetchBrought();
    const preset = this.#presetOf(this.#fields);
    if (this.#good && JSON.stringify(preset) === JSON.stringify(this.#preset)) return;
    this.#preset = preset;
    this.#texts = { ...preset, ...this.#shared(this.#fields) };
    this.#calculate();
  }

  readonly #onHash = (): void => {
    if (!this.#engine) return;
    this.#fetchBrought();
    const texts = { ...this.#preset, ...this.#shared(this.#fields) };
    if (JSON.stringify(texts) === JSON.stringify(this.#texts)) return;
    this.#texts = texts;
    this.#calculate();
  };

  /** The fields that panels bring, before these are shown, where the page or its address presets one. */
  #fetchBrought(): void {
    const [given, shared] = [Object.keys(this.#given).map(kebab), new URLSearchParams(location.hash.slice(1))];
    if (BROUGHT.some((name) => this.hasAttribute(name) || given.includes(name) || shared.has(this.#hashPrefix + name))) {
      void this.#loadPanel(BRINGS);
    }
  }

  /** Takes in what a panel brings: its fields with what is preset for them, beside all that has been typed. */
  #learn(brought: ReturnType<NonNullable<Panel['brings']>>): void {
    const unknown = brought.fields.filter(({ name }) => !this.#fields.some((field) => field.name === name));
    this.#fields = [...this.#fields, ...unknown];
    this.#brought = brought;
    const preset = this.#presetOf(unknown);
    this.#preset = { ...this.#preset, ...preset };
    this.#texts = { ...this.#texts, ...preset, ...this.#shared(unknown) };
  }

  /** What the engine of the first answer knows of a scenario: it refuses all else. */
  #own(scenario: Scenario): Scenario {
    const names = this.#engine!.fields.map(({ name }) => name);
    return Object.fromEntries(Object.entries(scenario).filter(([name]) => names.includes(name))) as Scenario;
  }

  #calculate(): void {
    const engine = this.#engine;
    if (!engine) return;
    this.#asked = toScenario(this.#fields, this.#texts, this.#decimalMark);
    try {
      this.#good = engine.report(this.#own(this.#asked));
      this.#answered = this.#asked;
      this.#refused = new Map();
    } catch (thrown) {
      this.#refused = this.#explain(thrown as Refusal);
    }
    this.#consult();
    if (this.#refused.size > 0) return;
    if (this.#edited) this.#writeUrl();
    const detail: ChangeDetail = { scenario: this.#asked, report: this.#good! };
    this.dispatchEvent(new CustomEvent('change', { detail, bubbles: true, composed: true }));
    clearTimeout(this.#announcing);
    this.#announcing = setTimeout(() => {
      this.#said = sentence({ report: this.#good!, ...this.#voice });
      this.#draw();
    }, ANNOUNCE_AFTER);
  }

  /** Hears the shown panel: it may refuse fields that the engine does not look at. */
  #consult(): void {
    this.#errors = this.#refused;
    this.#draw();
    const { ask, brings } = this.#loaded[this.#panel] ?? {};
    // A panel that is shown for the first time has no last good answer: then the last good scenario will do.
    for (const scenario of ask ? [this.#asked, this.#answered] : []) {
      try {
        this.#answers.set(this.#panel, { scenario, answer: ask!(brings ? scenario : this.#own(scenario)) });
        return;
      } catch (thrown) {
        this.#errors = new Map([...this.#explain(thrown as Refusal), ...this.#errors]);
        if (this.#answers.has(this.#panel)) return;
      }
    }
  }

  /** Says what is wrong in other words. */
  #explainAgain(): void {
    if (this.#refused.size > 0) this.#calculate();
    else if (this.#engine) this.#consult();
    this.#draw();
  }

  /** Each refusal as it stands beside its field, which says the name already. */
  #explain(thrown: Refusal): ReadonlyMap<string, string> {
    if (!Array.isArray(thrown.all)) throw thrown;
    return new Map(thrown.all.map((refusal) => {
      const { field: name, message } = refusal;
      const field = this.#fields.find((field) => field.name === name);
      const said = this.#more?.sentenceOf(refusal, field, !!field && isShare(field), this.#voice);
      return [kebab(name), said ?? message.replace(name, '').replace(/^:? /, '')];
    }));
  }

  #writeUrl(): void {
    const preset = toScenario(this.#fields, this.#preset, this.#decimalMark);
    const hash = writeHash(location.hash, this.#fields, this.#hashPrefix, this.#asked, preset);
    if (hash !== location.hash) history.replaceState(history.state, '', hash || location.pathname + location.search);
  }

  readonly #onText = (name: string, text: string): void => {
    this.#edited = true;
    this.#told = '';
    this.#texts = { ...this.#texts, [name]: text };
    this.#calculate();
  };

  async #loadMore(): Promise<void> {
    try {
      const [more] = await Promise.all([import('./more.js'), this.#spoken]);
      this.#more = more;
      this.#explainAgain();
    } catch (reason) {
      console.warn('proxy-concurrency: the folded inputs could not be loaded.', reason);
    }
    this.#draw();
    this.setAttribute('data-state', 'ready');
  }

  async #loadPanel(name: keyof typeof PANELS): Promise<void> {
    try {
      const panel = this.#loaded[name] ?? (await PANELS[name]());
      await Promise.all([panel.ready?.(), this.#stylePanels(), this.#spoken]);
      this.#loaded = { ...this.#loaded, [name]: panel };
      const brought = panel.brings?.();
      if (brought && !brought.fields.every((field) => this.#fields.includes(field))) {
        this.#learn(brought);
        this.#calculate();
      }
      this.#consult();
    } catch (reason) {
      console.warn(`proxy-concurrency: the panel ${name} could not be loaded.`, reason);
      this.#missing = name;
      this.#draw();
    }
  }

  async #stylePanels(): Promise<void> {
    if (this.#panelSheet) return;
    const sheet = (this.#panelSheet = new CSSStyleSheet());
    sheet.replaceSync((await import('./panel-styles.js')).panelStyles);
    this.#root.adoptedStyleSheets.push(sheet);
  }

  #show(name: keyof typeof PANELS): void {
    this.#panel = name;
    this.#missing = '';
    this.#draw();
    void this.#loadPanel(name);
    // On a narrow page the tabs scroll.
    void this.updateComplete.then(() => this.#root.querySelector(`#tab-${name}`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
  }

  #onTabKey(event: KeyboardEvent): void {
    const names = Object.keys(PANELS) as (keyof typeof PANELS)[];
    const rtl = this.#text.direction === 'rtl' ? -1 : 1;
    const step = { ArrowRight: rtl, ArrowLeft: -rtl }[event.key];
    const at = names.indexOf(this.#panel);
    const next = event.key === 'Home' ? 0 : event.key === 'End' ? names.length - 1
      : step === undefined ? undefined : (at + step + names.length) % names.length;
    if (next === undefined) return;
    event.preventDefault();
    this.#show(names[next]!);
    void this.updateComplete.then(() => this.#root.querySelector<HTMLElement>(`#tab-${names[next]}`)?.focus());
  }

  async #copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.#told = this.#text.copied;
    } catch {
      this.#told = this.#text.notCopied;
    }
    this.#draw();
  }

  #reset(): void {
    this.#edited = true;
    this.#texts = this.#preset;
    this.#calculate();
  }

  get #text(): Sections['element'] {
    return this.#voice.words('element', elementWords);
  }

  #view(): TemplateResult {
    const [text, { words, units, say, language }] = [this.#text, this.#voice];
    const [engine, good] = [this.#engine, this.#good];
    if (!engine) {
      return html`<slot></slot>${this.#failed ? html`<p class="placeholder" role="status">${text.unavailable}</p>` : nothing}`;
    }
    const wide = this.#width >= 620;
    const pad = this.#width <= 440 ? 14 : 22;
    const answerWidth = (wide ? this.#width - 300 : this.#width) - 2 * pad - 3;
    const open = this.#moreOpen || [...this.#errors.keys()].some((name) => !isMain(name) && engine.fields.some((field) => kebab(field.name) === name));
    const input: FormInput = {
      fields: this.#fields, labels: this.#labels, help: this.#help, words, units, say, texts: this.#texts, errors: this.#errors, taken: this.#asked as Record<string, unknown>,
      decimalMark: this.#decimalMark, onText: this.#onText, onCompare: () => this.#show('protocol'),
    };
    const fields: Fields = { lit: LIT, words, say, texts: this.#texts, errors: this.#errors, row: (name, own) => row(name, { ...input, ...own }) };
    return html`<div class="card" part="base" lang=${language.tag} dir=${text.direction}>
      <div class="main">
        ${form(input, this.#more?.render(fields), open, () => { this.#moreOpen = !open; this.#draw(); })}
        ${good
          ? answer({ report: good, format: this.#format, words, units, say, width: answerWidth, stale: this.#refused.size > 0, onExceeded: () => this.#show('when-exceeded') })
          : html`<p class="answer">${text.nothing}</p>`}
      </div>
      ${good ? this.#details(good, this.#width - 2 * pad - 2, fields) : nothing}
      <footer part="footer">
        <button type="button" class="link" @click=${() => { this.#edited = true; this.#writeUrl(); void this.#copy(location.href); }}>${text.copyLink}</button>
        <button type="button" class="link" @click=${() => this.#copy(JSON.stringify({ scenario: this.#asked, report: good }, null, 2))}>${text.copyJson}</button>
        <button type="button" class="link" @click=${() => this.#reset()}>${text.reset}</button>
        <span class="hint" role="status">${this.#told || text.private}</span>
      </footer>
      <output class="sr" aria-live="polite">${this.#said}</output>
    </div>`;
  }

  #details(report: Report, width: number, fields: Fields): TemplateResult {
    const [names, text, { words, units, say }] = [Object.keys(PANELS) as (keyof typeof PANELS)[], this.#text, this.#voice];
    const panel = this.#loaded[this.#panel];
    const terms = words('answer', answerWords);
    const { scenario, answer } = this.#answers.get(this.#panel) ?? { scenario: this.#answered, answer: undefined };
    return html`<div role="tablist" aria-label=${text.details} @keydown=${this.#onTabKey}>
        ${names.map((name) => html`<button type="button" role="tab" id="tab-${name}" aria-controls="panel" aria-selected=${name === this.#panel}
          tabindex=${name === this.#panel ? 0 : -1} @click=${() => this.#show(name)}>${text.panels[name]}</button>`)}
      </div>
      <div role="tabpanel" id="panel" part="panel" aria-labelledby="tab-${this.#panel}" ?data-stale=${this.#errors.size > 0}>
        ${this.#missing === this.#panel ? html`<p class="note">${text.panelMissing}</p>` : nothing}
        ${panel?.render({
          ...fields, needed: (count, n) => needed(say, terms.needed[report.sizing.planCounts], count, n), counted: terms.counted[report.sizing.planCounts], units,
          scenario, report, answer, format: this.#format, width,
          local: (this.#locals[this.#panel] ??= {}), set: this.#onText, update: () => this.#draw(),
          kebab, explain: (thrown) => this.#explain(thrown as Refusal), parse: (typed) => parse(typed, 'none', this.#decimalMark),
        })}
      </div>`;
  }
}
