/** `<proxy-concurrency>`: holds what was typed, asks the engine, shows the answer. */
import { html, nothing, render, type TemplateResult } from 'lit/html.js';
import answerWords from 'words:answer';
import elementWords from 'words:element';
import fieldTexts from 'words:fields';
import { answer, sentence } from './answer.js';
import { isOn, isPlans, OWN, panelsOf, turn, write } from './author.js';
import { loadEngine, type Engine, type Refusal } from './engine.js';
import type { Side } from './compare.js';
import { form, given, isMain, row, shortForm, type FormInput } from './form.js';
import type { FieldTexts } from './messages.js';
import { parse } from './number.js';
import { BRINGS, BROUGHT, LIT, PANELS, type Fields, type Panel, type PanelName } from './panel.js';
import { fromAttribute, isMarked, isShare, kebab, marked, readHash, textOf, textsOf, toScenario, translated, writeHash, type Texts } from './state.js';
import { styles } from './styles.js';
import { isDark, watchTheme } from './theme.js';
import type { Field, Report, Scenario } from './types.js';
import { ENGLISH, languageFor, localeOf, needed, voiceOf, wholeOf, type Sections, type Voice } from './words.js';

/** Shown where the author presets nothing: 50 requests a second at 2.5 s, and a few plans. */
const EXAMPLE: Scenario = { arrivalRate: 50, responseTime: 2.5, responseTimeP95: 8, planTiers: [50, 100, 200, 500, 1000] };

/** A reader's pause after which the answer is read out, in milliseconds. */
const ANNOUNCE_AFTER = 600;

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
  /** The panels on offer, and the one that was last chosen. */
  #names: readonly PanelName[] = [];
  #panel: PanelName | undefined;
  #loaded: Readonly<Partial<Record<PanelName, Panel>>> = {};
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
  /** Words for fields that a panel has brought. */
  #brought: Sections['environmentFields'] | undefined;
  /** What the engine refused; `errors` has what the shown panel refused, too. */
  #refused: ReadonlyMap<string, string> = new Map();
  /** What each panel last said, and to which scenario. */
  readonly #answers = new Map<string, { scenario: Scenario; answer: unknown }>();
  #locals: Record<string, Record<string, unknown>> = {};
  /** What the last reset took away. */
  #taken: { texts: Texts; locals: Record<string, Record<string, unknown>> } | undefined;
  /** What the form is compared with, and the part that shows it. */
  #pinned: Texts | undefined;
  readonly #sides = new Map<string, Side>();
  #compare: typeof import('./compare.js') | undefined;
  /** What the core was last asked, good or not. */
  #asked: Scenario = {};
  /** What the core last answered. */
  #answered: Scenario = {};
  #given: Scenario = {};
  #good: Report | null = null;
  /** Fields out of sight that have been wrong: they stay in sight. */
  readonly #mended = new Set<string>();
  #preset: Texts = {};
  #panelSheet: CSSStyleSheet | undefined;
  #edited = false;
  readonly #resize = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry!.contentRect.width);
    if (width === this.#width) return;
    this.#width = width;
    // Not at once: a height that changes while sizes are told is an error to the window.
    requestAnimationFrame(() => this.#draw());
  });
  readonly #attributes = new MutationObserver(() => {
    if (this.#engine) this.#localize();
    this.#readAuthor();
  });
  #dark = false;
  #unwatchTheme: () => void = () => {};
  /** The attributes' texts that were last read. */
  #read = '';
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
      this.#texts = this.#preset = textsOf(this.#fields, scenario, this.#decimalMark);
      this.#calculate();
      this.#fetchBrought();
    }
  }

  /** Language of words and numbers; empty for that of its place. */
  get locale(): string {
    return this.getAttribute('locale') ?? '';
  }
  set locale(locale: string | null) {
    write(this, 'locale', locale || null);
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

  /** The last good answer. */
  get report(): Report | null {
    return this.#good;
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
    this.#names = panelsOf(this);
    this.#look();
    this.#draw();
    if (!this.#engine) return;
    this.#readPreset();
    this.#fetchParts();
  }

  readonly #look = (): void => {
    const { theme } = this;
    const dark = theme === 'auto' ? isDark(this) : theme === 'dark';
    if (dark !== this.#dark) this.#draw();
    this.#dark = dark;
  };

  disconnectedCallback(): void {
    this.#resize.disconnect();
    this.#attributes.disconnect();
    this.#unwatchTheme();
    this.#near?.disconnect();
    removeEventListener('hashchange', this.#onHash);
    removeEventListener('beforeprint', this.#start);
    clearTimeout(this.#announcing);
  }

  readonly #start = (): void => {
    this.#near?.disconnect();
    if (this.#engine) return;
    this.#localize();
    // A link that compares is drawn once, with both.
    Promise.all([loadEngine(), this.#speaking, isMarked(location.hash, this.#compareKey) && this.#loadCompare()]).then(
      ([engine]) => {
        this.#engine = engine;
        this.#speakAll();
        this.#fields = engine.fields;
        this.#readPreset();
        this.#fetchParts();
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
    this.#speaking = languageFor(locale).then(async (language) => {
      const known = this.#engine ? await wholeOf(language) : language;
      // Another one may have been asked for meanwhile.
      if (locale === this.#locale) this.#speak(voiceOf(locale, known));
    });
  }

  /** The sections that the first answer did without. */
  #speakAll(): void {
    const { locale, language } = this.#voice;
    this.#spoken = wholeOf(language).then((whole) => {
      if (locale === this.#voice.locale) this.#speak(voiceOf(locale, whole));
    });
  }

  /** What was typed stays as it is, where it means the same in the new language. */
  #speak(voice: Voice): void {
    const before = this.#decimalMark;
    this.#voice = voice;
    this.#texts = translated(this.#fields, this.#texts, before, voice.decimalMark);
    this.#preset = translated(this.#fields, this.#preset, before, voice.decimalMark);
    this.#draw();
  }

  get #labels(): FieldTexts {
    const { words } = this.#voice;
    return {
      ...words('fields', fieldTexts), ...(this.#more ? words('moreFields', this.#more.texts) : {}),
      ...(this.#brought ? words('environmentFields', this.#brought) : {}),
    };
  }

  get #hashPrefix(): string {
    return this.id ? `${this.id}.` : '';
  }

  /** What comes after the answer: the folded inputs, where there are any, and the panel that is shown. */
  #fetchParts(): void {
    if (!this.compact || this.#mended.size > 0) void this.#loadMore();
    else this.#ready();
    const shown = this.#shown;
    if (shown && !this.#loaded[shown]) void this.#loadPanel(shown);
  }

  /** The panel that is shown: the chosen one, while it is on offer. */
  get #shown(): PanelName | undefined {
    return this.#names.find((name) => name === this.#panel) ?? this.#names[0];
  }

  #attributeTexts(fields: readonly Field[]): Texts {
    return Object.fromEntries(fields.flatMap((field) => {
      const text = this.getAttribute(kebab(field.name));
      return text === null ? [] : [[kebab(field.name), fromAttribute(field, text, this.#decimalMark)]];
    }));
  }

  /** From the attributes and the property. */
  #presetOf(fields: readonly Field[]): Texts {
    const authors = this.#engine?.fields.some(({ name }) => this.hasAttribute(kebab(name)));
    const given = Object.keys(this.#given).length > 0 ? this.#given : authors ? {} : EXAMPLE;
    return { ...textsOf(fields, given, this.#decimalMark), ...this.#attributeTexts(fields) };
  }

  /** Marks a link that compares, and begins the keys of what it compares with. */
  get #compareKey(): string {
    return `${this.#hashPrefix}compare`;
  }

  #shared(fields: readonly Field[], prefix = this.#hashPrefix): Texts {
    const open = fields.filter(({ name }) => !this.#fixed(kebab(name)));
    return readHash(location.hash, open, prefix, this.#decimalMark);
  }

  /** Presets, and the address on top. */
  #readHash(): void {
    this.#texts = { ...this.#preset, ...this.#shared(this.#fields) };
    this.#pinned = isMarked(location.hash, this.#compareKey) ? { ...this.#preset, ...this.#shared(this.#fields, `${this.#compareKey}-`) } : undefined;
    if (this.#pinned) void this.#loadCompare();
  }

  /** A field that the reader does not change. */
  readonly #fixed = (name: string): boolean => this.readonlyPlan && isPlans(name);

  #readKey(): string {
    return JSON.stringify([this.#attributeTexts(this.#fields), this.readonlyPlan]);
  }

  /** With the URL on top. What was set or typed since the attributes were last read stays, while these stay. */
  #readPreset(): void {
    this.#fetchBrought();
    const read = this.#readKey();
    if (read === this.#read) return;
    this.#read = read;
    this.#preset = this.#presetOf(this.#fields);
    this.#readHash();
    this.#calculate(!this.#good);
  }

  readonly #onHash = (): void => {
    if (!this.#engine) return;
    this.#fetchBrought();
    const before = JSON.stringify([this.#texts, this.#pinned]);
    this.#readHash();
    if (JSON.stringify([this.#texts, this.#pinned]) !== before) this.#calculate();
  };

  /** The fields that panels bring, before these are shown, where the page or its address presets one. */
  #fetchBrought(): void {
    const [given, shared] = [Object.keys(this.#given).map(kebab), new URLSearchParams(location.hash.slice(1))];
    const prefixes = [this.#hashPrefix, `${this.#compareKey}-`];
    if (BROUGHT.some((name) => this.hasAttribute(name) || given.includes(name) || prefixes.some((prefix) => shared.has(prefix + name)))) {
      void this.#loadPanel(BRINGS);
    }
  }

  /** Takes in what a panel brings: its fields with what is preset for them, beside all that has been typed. */
  #learn({ fields, texts }: ReturnType<NonNullable<Panel['brings']>>): void {
    const unknown = fields.filter(({ name }) => !this.#fields.some((field) => field.name === name));
    this.#fields = [...this.#fields, ...unknown];
    this.#read = this.#readKey();
    this.#brought = texts;
    const preset = this.#presetOf(unknown);
    this.#preset = { ...this.#preset, ...preset };
    this.#texts = { ...this.#texts, ...preset, ...this.#shared(unknown) };
    if (this.#pinned) this.#pinned = { ...this.#pinned, ...preset, ...this.#shared(unknown, `${this.#compareKey}-`) };
  }

  #scenarioOf(texts: Texts): Scenario {
    return toScenario(this.#fields, texts, this.#voice.decimalMark);
  }

  /** What the engine of the first answer knows of a scenario: it refuses all else. */
  #own(scenario: Scenario): Scenario {
    const names = this.#engine!.fields.map(({ name }) => name);
    return Object.fromEntries(Object.entries(scenario).filter(([name]) => names.includes(name))) as Scenario;
  }

  /** `quiet` where the reader has nothing to do with it. */
  #calculate(quiet = false): void {
    const engine = this.#engine;
    if (!engine) return;
    this.#asked = this.#scenarioOf(this.#texts);
    try {
      this.#good = engine.report(this.#own(this.#asked));
      this.#answered = this.#asked;
      this.#refused = new Map();
    } catch (thrown) {
      this.#refused = this.#explain(thrown as Refusal);
    }
    this.#consult();
    for (const name of this.#errors.keys()) if (!isMain(name)) this.#mended.add(name);
    if (!quiet) this.#announce(() => `${this.#told} ${this.#wrong() || sentence({ report: this.#good!, ...this.#voice })}`);
    if (this.#refused.size > 0) return;
    if (this.#edited) this.#writeUrl();
    const detail: ChangeDetail = { scenario: this.#asked, report: this.#good! };
    this.dispatchEvent(new CustomEvent('change', { detail, bubbles: true, composed: true }));
  }

  /** Reads out what then holds, once the reader has paused. Not every figure of a moving slider. */
  #announce(text: () => string): void {
    clearTimeout(this.#announcing);
    this.#announcing = setTimeout(() => {
      // Emptied before, so that the same words are read again.
      this.#said = '';
      this.#draw();
      void this.updateComplete.then(() => {
        this.#said = text();
        this.#draw();
      });
    }, ANNOUNCE_AFTER);
  }

  /** All that is marked as wrong, each with the name of its field. */
  #wrong(): string {
    const said = [...this.#root.querySelectorAll('.field')].flatMap((field) => {
      const [label, error] = ['.label', '.error'].map((part) => field.querySelector(part)?.textContent?.trim());
      return error ? [`${label}: ${error}`] : [];
    });
    return [...new Set(said)].join(' ');
  }

  /** What a panel has to say of what was typed into it. */
  readonly #verdict = (): string => {
    const verdict = this.#root.querySelector('[data-say]');
    return this.#wrong() || (verdict?.checkVisibility() && verdict.textContent) || '';
  };

  /** Hears the shown panel: it may refuse fields that the engine does not look at. */
  #consult(): void {
    this.#errors = this.#refused;
    this.#draw();
    const shown = this.#shown;
    if (!shown) return;
    const { ask, brings } = this.#loaded[shown] ?? {};
    // A panel that is shown for the first time has no last good answer: then the last good scenario will do.
    for (const scenario of ask ? [this.#asked, this.#answered] : []) {
      try {
        this.#answers.set(shown, { scenario, answer: ask!(brings ? scenario : this.#own(scenario)) });
        return;
      } catch (thrown) {
        this.#errors = new Map([...this.#explain(thrown as Refusal), ...this.#errors]);
        if (this.#answers.has(shown)) return;
      }
    }
  }

  /** Each refusal as it stands beside its field, which says the name already. */
  #explain(thrown: Refusal): ReadonlyMap<string, string> {
    if (!Array.isArray(thrown.all)) throw thrown;
    return new Map(thrown.all.map(({ field: name, value, message }) => {
      const field = this.#fields.find((field) => field.name === name);
      const words = message.startsWith(name) ? message.slice(name.length).replace(/^:? /, '') : message;
      if (field && isShare(field) && field.takes.kind === 'number' && typeof value === 'number') {
        const { percent } = this.#format;
        return [kebab(name), `Must be from ${percent(field.takes.min)} to ${percent(field.takes.max)}, not ${percent(value)}.`];
      }
      return [kebab(name), `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.?!]$/.test(words) ? '' : '.'}`];
    }));
  }

  #writeUrl(): void {
    const preset = this.#scenarioOf(this.#preset);
    const pinned = this.#pinned ? this.#scenarioOf(this.#pinned) : preset;
    const mine = writeHash(location.hash, this.#fields, this.#hashPrefix, this.#asked, preset);
    const hash = marked(writeHash(mine, this.#fields, `${this.#compareKey}-`, pinned, preset), this.#compareKey, !!this.#pinned);
    if (hash !== location.hash) history.replaceState(history.state, '', hash || location.pathname + location.search);
  }

  readonly #onText = (name: string, text: string): void => {
    if (this.#fixed(name)) return;
    this.#edited = true;
    this.#told = '';
    this.#taken = undefined;
    this.#texts = { ...this.#texts, [name]: text };
    this.#calculate();
  };

  async #loadMore(): Promise<void> {
    if (this.#more) return;
    try {
      const [more] = await Promise.all([import('./more.js'), this.#spoken]);
      this.#more = more;
    } catch (reason) {
      console.warn('proxy-concurrency: the folded inputs could not be loaded.', reason);
    }
    this.#draw();
    this.#ready();
  }

  #ready(): void {
    if (this.dataset['state'] !== 'ready') this.setAttribute('data-state', 'ready');
  }

  async #loadPanel(name: PanelName): Promise<void> {
    try {
      const panel = this.#loaded[name] ?? (await PANELS[name]());
      await Promise.all([panel.ready?.(), this.#stylePanels(), this.#spoken]);
      this.#loaded = { ...this.#loaded, [name]: panel };
      const brought = panel.brings?.();
      if (brought && !brought.fields.every((field) => this.#fields.includes(field))) {
        this.#learn(brought);
        this.#calculate(true);
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

  #show(name: PanelName): void {
    this.#panel = name;
    this.#missing = '';
    this.#draw();
    void this.#loadPanel(name);
    // On a narrow page the tabs scroll.
    void this.updateComplete.then(() => this.#root.querySelector(`#tab-${name}`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
  }

  #onTabKey(event: KeyboardEvent): void {
    const names = this.#names;
    const rtl = this.#text.direction === 'rtl' ? -1 : 1;
    const step = { ArrowRight: rtl, ArrowLeft: -rtl }[event.key];
    const at = names.indexOf(this.#shown!);
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
    this.#announce(() => this.#told);
  }

  #copyJson(): Promise<void> {
    const pinned = this.#pinned && this.#side(this.#scenarioOf(this.#pinned));
    const compared = pinned && 'report' in pinned ? { compared: { scenario: pinned.scenario, report: pinned.report } } : {};
    return this.#copy(JSON.stringify({ scenario: this.#asked, report: this.#good, ...compared }, null, 2));
  }

  /** Back to what the page gives; and the other way round, while nothing has been typed since. */
  #reset(): void {
    this.#edited = true;
    const { texts, locals } = this.#taken ?? { texts: this.#preset, locals: {} };
    this.#told = this.#taken ? this.#text.wasUndone : this.#text.wasReset;
    this.#taken = this.#taken ? undefined : { texts: this.#texts, locals: this.#locals };
    [this.#texts, this.#locals] = [texts, locals];
    this.#calculate();
  }

  get #text(): Sections['element'] {
    return this.#voice.words('element', elementWords);
  }

  async #loadCompare(): Promise<void> {
    if (this.#compare) return;
    try {
      [this.#compare] = await Promise.all([import('./compare.js'), this.#stylePanels()]);
    } catch (reason) {
      console.warn('proxy-concurrency: the comparison could not be loaded.', reason);
      this.#told = this.#text.panelMissing;
    }
    this.#draw();
  }

  /** Keeps what is in the form, to compare later changes with it; `undefined` ends that. */
  async #pin(texts: Texts | undefined): Promise<void> {
    this.#pinned = texts && this.#refused.size > 0 ? textsOf(this.#fields, this.#answered, this.#voice.decimalMark) : texts;
    this.#edited = true;
    this.#writeUrl();
    this.#draw();
    if (texts) await this.#loadCompare();
    await this.updateComplete;
    const next = this.#root.querySelector<HTMLElement>(texts ? '#compared' : '#pin');
    next?.focus({ preventScroll: true });
    if (texts) next?.scrollIntoView({ block: 'nearest' });
  }

  #swap(): void {
    [this.#texts, this.#pinned] = [this.#pinned!, this.#texts];
    this.#edited = true;
    this.#calculate();
  }

  /** One side of a comparison, or why it cannot be had; looked at anew only where something has changed. */
  #side(scenario: Scenario): Side | ReadonlyMap<string, string> {
    const exceeded = this.#loaded['when-exceeded']?.ask;
    const key = JSON.stringify([scenario, !!exceeded]);
    let side = this.#sides.get(key);
    if (side) return side;
    try {
      const own = this.#own(scenario);
      side = { scenario, report: this.#engine!.report(own), exceeded: (exceeded?.(own) ?? null) as Side['exceeded'] };
    } catch (thrown) {
      return this.#explain(thrown as Refusal);
    }
    // The two that are shown, and one that is swapped away.
    if (this.#sides.size > 2) this.#sides.clear();
    this.#sides.set(key, side);
    return side;
  }

  #comparison(): unknown {
    if (!this.#pinned || !this.#compare) return nothing;
    const pinned = this.#side(this.#scenarioOf(this.#pinned));
    const [voice, fields, labels] = [this.#voice, this.#fields, this.#labels];
    return this.#compare.render({
      lit: LIT, ...voice, terms: voice.words('answer', answerWords),
      changed: 'report' in pinned ? fields.filter(({ name }) => textOf(pinned.scenario, name) !== textOf(this.#answered, name)) : [],
      pinned: 'report' in pinned ? pinned : null, errors: 'report' in pinned ? new Map() : pinned,
      // What was answered is answered again.
      now: this.#side(this.#answered) as Side,
      label: (name) => labels[kebab(name)]?.label ?? name,
      said: (field, scenario) => given(field, kebab(field.name), { ...voice, labels, texts: textsOf(fields, scenario, voice.decimalMark) }),
      swap: () => this.#swap(), close: () => void this.#pin(undefined),
    });
  }

  #view(): TemplateResult {
    const [text, { words, units, say, format, language }] = [this.#text, this.#voice];
    const [engine, good] = [this.#engine, this.#good];
    if (!engine) {
      return html`<slot></slot>${this.#failed ? html`<p class="placeholder" role="status">${text.unavailable}</p>` : nothing}`;
    }
    const wide = this.#width >= 620;
    const pad = this.#width <= 440 ? 14 : 22;
    const answerWidth = (wide ? this.#width - 300 : this.#width) - 2 * pad - 3;
    this.#moreOpen ||= [...this.#errors.keys()].some((name) => !isMain(name) && engine.fields.some((field) => kebab(field.name) === name));
    const open = this.#moreOpen;
    const { compact } = this;
    const toPanel = (name: PanelName) => (this.#names.includes(name) ? () => this.#show(name) : undefined);
    const input: FormInput = {
      fields: this.#fields, labels: this.#labels, words, units, say, texts: this.#texts, errors: this.#errors, taken: this.#asked as Record<string, unknown>,
      decimalMark: this.#voice.decimalMark, fixed: this.#fixed, onText: this.#onText, onCompare: toPanel('protocol'),
    };
    const fields: Fields = { lit: LIT, words, say, texts: this.#texts, errors: this.#errors, fixed: this.#fixed, row: (name, own) => row(name, { ...input, ...own }) };
    return html`<div class="card ${this.#dark ? 'dark' : 'light'} ${compact ? 'compact' : ''}" part="base" lang=${language.tag} dir=${text.direction}>
      <div class="main">
        ${compact ? shortForm(input, this.#mended) : form(input, this.#more?.render(fields), open, () => { this.#moreOpen = !open; this.#draw(); })}
        ${good
          ? answer({ report: good, format, words, units, say, width: answerWidth, stale: this.#refused.size > 0, compact, onExceeded: toPanel('when-exceeded') })
          : html`<p class="answer">${text.nothing}</p>`}
      </div>
      ${good ? this.#comparison() : nothing}
      ${good && this.#shown ? this.#details(good, this.#shown, this.#width - 2 * pad - 2, fields) : nothing}
      <footer part="footer">
        <button type="button" class="link" @click=${() => { this.#edited = true; this.#writeUrl(); void this.#copy(location.href); }}>${text.copyLink}</button>
        ${compact ? nothing : html`<button type="button" class="link" @click=${() => this.#copyJson()}>${text.copyJson}</button>
        <button type="button" class="link" id="pin" @click=${() => this.#pin(this.#texts)}>${this.#pinned ? text.pinAgain : text.pin}</button>
        <button type="button" class="link" @click=${({ detail }: MouseEvent) => detail < 2 && this.#reset()}>${this.#taken ? text.undo : text.reset}</button>`}
        <span class="hint">${this.#told || (compact ? nothing : text.private)}</span>
      </footer>
      <output class="sr" aria-live="polite">${this.#said}</output>
    </div>`;
  }

  #details(report: Report, shown: PanelName, width: number, fields: Fields): TemplateResult {
    const [text, { words, units, say, format }] = [this.#text, this.#voice];
    const panel = this.#loaded[shown];
    const terms = words('answer', answerWords);
    const { scenario, answer } = this.#answers.get(shown) ?? { scenario: this.#answered, answer: undefined };
    return html`<div role="tablist" aria-label=${text.details} @keydown=${this.#onTabKey}>
        ${this.#names.map((name) => html`<button type="button" role="tab" id="tab-${name}" aria-controls="panel" aria-selected=${name === shown}
          tabindex=${name === shown ? 0 : -1} @click=${() => this.#show(name)}>${text.panels[name]}</button>`)}
      </div>
      <div role="tabpanel" id="panel" part="panel" aria-labelledby="tab-${shown}" ?data-stale=${this.#errors.size > 0}>
        ${this.#missing === shown ? html`<p class="note">${text.panelMissing}</p>` : nothing}
        ${panel?.render({
          ...fields, needed: (count, n) => needed(say, terms.needed[report.sizing.planCounts], count, n), counted: terms.counted[report.sizing.planCounts], units,
          scenario, report, answer, format, width,
          local: (this.#locals[shown] ??= {}), set: this.#onText, update: () => { this.#taken = undefined; this.#draw(); this.#announce(this.#verdict); },
          kebab, explain: (thrown) => this.#explain(thrown as Refusal), parse: (typed) => parse(typed, 'none', this.#decimalMark),
        })}
      </div>`;
  }
}
