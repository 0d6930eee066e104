/** `<proxy-concurrency>`: holds what was typed, asks the engine, shows the answer. */
import { html, noChange, nothing, render, type TemplateResult } from 'lit/html.js';
import answerWords from 'words:answer';
import elementWords from 'words:element';
import fieldTexts from 'words:fields';
import { answer, sentence } from './answer.js';
import { isOn, isPlans, OWN, panelsOf, turn, write } from './author.js';
import { loadEngine, type Engine, type Refusal } from './engine.js';
import { Case } from './case.js';
import type { Asking } from './compare.js';
import { form, given, isMain, row, shortForm, type FormInput } from './form.js';
import type { FieldTexts } from './messages.js';
import { parse } from './number.js';
import { LIT, PANELS, type Brought, type Fields, type Panel, type PanelName } from './panel.js';
import { fromAttribute, isMarked, isShare, kebab, readHash, textOf, textsOf, toScenario, type Texts } from './state.js';
import { styles } from './styles.js';
import { isDark, watchTheme } from './theme.js';
import type { Desk, Tools } from './tools.js';
import type { Exceeded, Field, Report, Scenario } from './types.js';
import { ENGLISH, localeOf, needed, voiceOf, type Language, type Sections, type Voice } from './words.js';

/** Shown where the author presets nothing: 50 requests a second at 2.5 s, and a few plans. */
const EXAMPLE: Scenario = { arrivalRate: 50, responseTime: 2.5, responseTimeP95: 8, planTiers: [50, 100, 200, 500, 1000] };

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

  /** Settles when what is shown is up to date. */
  updateComplete: Promise<unknown> = Promise.resolve();
  #drawing = false;
  readonly #root = this.attachShadow({ mode: 'open' });
  readonly #case = new Case();
  #engine: Engine | undefined;
  #failed = false;
  /** What the engine refused, and what the shown panel did. */
  #errors: ReadonlyMap<string, string> = new Map();
  #panelErrors: ReadonlyMap<string, string> = new Map();
  /** Settles when the shown panel has caught up with what was typed. */
  #following: Promise<unknown> | undefined;
  /** The panels on offer, and the one that was last chosen. */
  #names: readonly PanelName[] = [];
  #panel: PanelName | undefined;
  #loaded: Readonly<Partial<Record<PanelName, Panel>>> = {};
  /** A panel that could not be loaded. */
  #missing = '';
  #width = 0;
  #moreOpen = false;
  /** The folded inputs, once they are there. */
  #more: typeof import('./more.js') | undefined;
  /** The locale that was asked for last; its language may still be on its way. */
  #locale = 'en';
  /** Settles when the language of that locale has come, and when all of it has come. */
  #speaking: Promise<unknown> = Promise.resolve();
  #spoken: Promise<unknown> = Promise.resolve();
  /** What panels have brought. */
  readonly #brought = new Set<Brought>();
  /** What each panel last said, and to which scenario. */
  readonly #answers = new Map<string, { scenario: Scenario; answer: unknown }>();
  #given: Scenario = {};
  /** Fields out of sight that have been wrong: they stay in sight. */
  readonly #mended = new Set<string>();
  #styled: Promise<void> | undefined;
  readonly #resize = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry!.contentRect.width);
    if (width === this.#width) return;
    this.#width = width;
    // Not at once: a height that changes while sizes are told is an error to the window.
    requestAnimationFrame(() => this.#draw());
  });
  readonly #attributes = new MutationObserver(() => this.#readAuthor());
  #dark = false;
  #unwatchTheme: () => void = () => {};
  /** The attributes' texts that were last read. */
  #read = '';
  #near: IntersectionObserver | undefined;
  #tools: Tools | undefined;
  readonly #desk: Desk = {
    lit: LIT, kebab, textOf, textsOf, case: this.#case, root: this.#root,
    prefix: () => this.#hashPrefix, text: () => this.#text, scenarioOf: (texts) => this.#scenarioOf(texts), asking: () => this.#asking,
    draw: () => (this.#draw(), this.updateComplete), calculate: () => this.#calculate(), stylePanels: () => this.#stylePanels(),
  };

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
    }).then(() => this.#following);
  }

  /** The scenario as the core was last asked. Setting it replaces everything typed. */
  get scenario(): Scenario {
    return this.#case.asked;
  }
  set scenario(scenario: Scenario) {
    this.#given = scenario;
    if (this.#engine) {
      this.#case.texts = this.#case.preset = textsOf(this.#case.fields, scenario, this.#decimalMark);
      this.#calculate();
      this.#fetchBrought();
    }
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
    return this.#case.good;
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
    this.#localize();
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
    this.#tools?.stop();
  }

  readonly #start = (): void => {
    this.#near?.disconnect();
    if (this.#engine) return;
    this.#localize();
    // A link that compares is drawn once, with both.
    Promise.all([loadEngine(), this.#speaking, isMarked(location.hash, this.#compareKey) && this.#loadTools()]).then(
      ([engine]) => {
        this.#engine = engine;
        this.#spoken = this.#wholeOf(this.#case.voice.language).then((language) => this.#speak(this.#case.voice.locale, language));
        this.#case.fields = engine.fields;
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
    return this.#case.voice.format;
  }
  get #decimalMark(): string {
    return this.#case.voice.decimalMark;
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
    const [before, fields] = [this.#decimalMark, this.#case.fields];
    this.#case.voice = voiceOf(locale, language);
    if (before !== this.#decimalMark) {
      const same = (texts: Texts): Texts => textsOf(fields, toScenario(fields, texts, before), this.#decimalMark);
      [this.#case.texts, this.#case.preset] = [same(this.#case.texts), same(this.#case.preset)];
      this.#case.pinned &&= same(this.#case.pinned);
      if (this.#case.taken) this.#case.taken = { ...this.#case.taken, texts: same(this.#case.taken.texts) };
      // The attributes are the same, though they read otherwise.
      if (this.#engine) this.#read = this.#readKey();
    }
    this.#explainAgain();
  }

  get #labels(): FieldTexts {
    const { words } = this.#case.voice;
    return {
      ...words('fields', fieldTexts), ...(this.#more ? words('moreFields', this.#more.texts) : {}),
      ...Object.assign({}, ...[...this.#brought].map((brought) => brought.texts(words))),
    };
  }

  get #help(): Readonly<Record<string, string>> {
    const { words } = this.#case.voice;
    return {
      ...(this.#more ? words('help', this.#more.help) : {}),
      ...Object.assign({}, ...[...this.#brought].map((brought) => brought.help(words))),
    };
  }

  get #hashPrefix(): string {
    return this.id ? `${this.id}.` : '';
  }

  /** What comes after the answer: the folded inputs, where there are any, and the panel that is shown. */
  #fetchParts(): void {
    // A panel may show fields of the fold, too, and needs their names.
    const more = !this.compact || this.#shown;
    void Promise.all([this.#loadTools(), more && this.#loadMore()]).then(() => this.#ready());
    const shown = this.#shown;
    if (shown && !this.#loaded[shown]) void this.#loadPanel(shown);
  }

  /** The panel that is shown: the chosen one, while it is on offer. */
  get #shown(): PanelName | undefined {
    return this.#panel && this.#names.includes(this.#panel) ? this.#panel : this.#names[0];
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
    this.#case.texts = { ...this.#case.preset, ...this.#shared(this.#case.fields) };
    this.#case.pinned = isMarked(location.hash, this.#compareKey) ? { ...this.#case.preset, ...this.#shared(this.#case.fields, `${this.#compareKey}-`) } : undefined;
    if (this.#case.pinned) void this.#loadTools();
  }

  /** A field that the reader does not change. */
  readonly #fixed = (name: string): boolean => this.readonlyPlan && isPlans(name);

  #readKey(): string {
    return JSON.stringify([this.#attributeTexts(this.#case.fields), this.readonlyPlan]);
  }

  /** With the URL on top. What was set or typed since the attributes were last read stays, while these stay. */
  #readPreset(): void {
    this.#fetchBrought();
    const read = this.#readKey();
    if (read === this.#read) return;
    this.#read = read;
    this.#case.preset = this.#presetOf(this.#case.fields);
    this.#readHash();
    this.#calculate(!this.#case.good);
  }

  readonly #onHash = (): void => {
    if (!this.#engine) return;
    this.#fetchBrought();
    const before = JSON.stringify([this.#case.texts, this.#case.pinned]);
    this.#readHash();
    if (JSON.stringify([this.#case.texts, this.#case.pinned]) !== before) this.#calculate();
  };

  /** The fields that panels bring, before these are shown, where the page or its address presets one. */
  #fetchBrought(): void {
    const given = Object.keys(this.#given).map(kebab);
    const wanted = this.#tools?.brought((name) => this.hasAttribute(name) || given.includes(name), [this.#hashPrefix, `${this.#compareKey}-`]);
    for (const name of wanted ?? []) void this.#loadPanel(name);
  }

  /** Takes in what a panel brings: its fields with what is preset for them, beside all that has been typed. */
  #learn(brought: Brought): void {
    const unknown = brought.fields.filter(({ name }) => !this.#case.fields.some((field) => field.name === name));
    this.#case.fields = [...this.#case.fields, ...unknown];
    this.#read = this.#readKey();
    this.#brought.add(brought);
    const preset = this.#presetOf(unknown);
    this.#case.preset = { ...this.#case.preset, ...preset };
    this.#case.texts = { ...this.#case.texts, ...preset, ...this.#shared(unknown) };
    if (this.#case.pinned) this.#case.pinned = { ...this.#case.pinned, ...preset, ...this.#shared(unknown, `${this.#compareKey}-`) };
  }

  #scenarioOf(texts: Texts): Scenario {
    return toScenario(this.#case.fields, texts, this.#decimalMark);
  }

  /** What the engine of the first answer knows of a scenario: it refuses all else. */
  #own(scenario: Scenario): Scenario {
    const names = this.#engine!.fields.map(({ name }) => name);
    return Object.fromEntries(Object.entries(scenario).filter(([name]) => names.includes(name))) as Scenario;
  }

  /** `quiet` where the reader has nothing to do with it; `typed` where the reader waits for the answer. */
  #calculate(quiet = false, typed = false): void {
    const engine = this.#engine;
    if (!engine) return;
    this.#case.asked = this.#scenarioOf(this.#case.texts);
    try {
      this.#case.good = engine.report(this.#own(this.#case.asked));
      this.#case.answered = this.#case.asked;
      this.#case.refused = new Map();
    } catch (thrown) {
      this.#case.refused = this.#explain(thrown as Refusal);
    }
    if (typed) this.#follow();
    else this.#consult();
    const tools = this.#tools;
    if (!quiet) tools?.announce(() => `${this.#case.told} ${tools.wrong() || sentence({ report: this.#case.good!, ...this.#case.voice })}`);
    if (this.#case.refused.size > 0) return;
    if (this.#case.edited) tools?.write();
    const detail: ChangeDetail = { scenario: this.#case.asked, report: this.#case.good! };
    this.dispatchEvent(new CustomEvent('change', { detail, bubbles: true, composed: true }));
  }

  /** The answer is painted first, and the shown panel follows in a task of its own. */
  #follow(): void {
    this.#errors = new Map([...this.#panelErrors, ...this.#case.refused]);
    this.#following ??= new Promise((resolve) => {
      // A page out of sight has no frames.
      setTimeout(() => go(), 100);
      requestAnimationFrame(() => setTimeout(() => go()));
      let done = false;
      const go = (): void => {
        if (done) return;
        done = true;
        this.#following = undefined;
        this.#consult();
        resolve(this.updateComplete);
      };
    });
    this.#draw();
  }

  /** Hears the shown panel: it may refuse fields that the engine does not look at. */
  #consult(): void {
    this.#panelErrors = this.#askPanel();
    this.#errors = new Map([...this.#panelErrors, ...this.#case.refused]);
    for (const name of this.#errors.keys()) if (!isMain(name)) this.#mended.add(name);
    // It has the sentences, too.
    if (this.#errors.size > 0) void this.#loadMore();
    this.#draw();
  }

  /** What the shown panel refuses, by kebab-case name. */
  #askPanel(): ReadonlyMap<string, string> {
    let refused: ReadonlyMap<string, string> = new Map();
    const shown = this.#shown;
    if (!shown) return refused;
    const { ask } = this.#loaded[shown] ?? {};
    // A panel that is shown for the first time has no last good answer: then the last good scenario will do.
    for (const scenario of ask ? [this.#case.asked, this.#case.answered] : []) {
      try {
        this.#answers.set(shown, { scenario, answer: ask!(this.#own(scenario), scenario) });
        break;
      } catch (thrown) {
        refused = new Map([...this.#explain(thrown as Refusal), ...refused]);
        if (this.#answers.has(shown)) break;
      }
    }
    return refused;
  }

  /** Says what is wrong in other words. */
  #explainAgain(): void {
    if (this.#case.refused.size > 0) this.#calculate(true);
    else if (this.#engine) this.#consult();
    this.#draw();
  }

  /** Each refusal as it stands beside its field, which says the name already. */
  #explain(thrown: Refusal): ReadonlyMap<string, string> {
    if (!Array.isArray(thrown.all)) throw thrown;
    return new Map(thrown.all.map((refusal) => {
      const { field: name, message } = refusal;
      const field = this.#case.fields.find((field) => field.name === name);
      const said = this.#more?.sentenceOf(refusal, field, !!field && isShare(field), this.#case.voice);
      return [kebab(name), said ?? message.replace(name, '').replace(/^:? /, '')];
    }));
  }

  readonly #onText = (name: string, text: string): void => {
    if (this.#fixed(name)) return;
    this.#case.edited = true;
    this.#case.told = '';
    this.#case.taken = undefined;
    this.#case.texts = { ...this.#case.texts, [name]: text };
    this.#calculate(false, true);
  };

  async #loadMore(): Promise<void> {
    if (this.#more) return;
    try {
      const [more] = await Promise.all([import('./more.js'), this.#spoken]);
      this.#more = more;
      this.#explainAgain();
    } catch (reason) {
      console.warn('proxy-concurrency: the folded inputs could not be loaded.', reason);
    }
    this.#draw();
  }

  /** The reader's tools, and what shows a comparison where there is one. */
  async #loadTools(): Promise<void> {
    try {
      this.#tools ??= new (await import('./tools.js')).Tools(this.#desk);
      this.#fetchBrought();
      if (this.#case.pinned || !this.#engine && isMarked(location.hash, this.#compareKey)) await this.#tools.load();
      // What was typed before they came.
      if (this.#case.edited && this.#case.refused.size === 0) this.#tools.write();
    } catch (reason) {
      console.warn('proxy-concurrency: the tools could not be loaded.', reason);
    }
    this.#draw();
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
      if (brought && !brought.fields.every((field) => this.#case.fields.includes(field))) {
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

  /** Settles when panels have their styles; once, whoever asks. */
  #stylePanels(): Promise<void> {
    this.#styled ??= import('./panel-styles.js').then(({ panelStyles }) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(panelStyles);
      this.#root.adoptedStyleSheets.push(sheet);
    });
    this.#styled.catch(() => (this.#styled = undefined));
    return this.#styled;
  }

  #show(name: PanelName): void {
    // What is below stays where it is until the next panel has come.
    const panel = this.#root.querySelector<HTMLElement>('#panel')!;
    panel.style.minHeight = `${panel.getBoundingClientRect().height}px`;
    this.#panel = name;
    this.#missing = '';
    this.#draw();
    void this.#loadPanel(name).then(() => this.updateComplete).then(() => (panel.style.minHeight = ''));
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

  /** How the two sides of a comparison are asked for. */
  get #asking(): Asking {
    const exceeded = this.#loaded['when-exceeded']?.ask;
    return {
      report: (scenario) => this.#engine!.report(this.#own(scenario)),
      exceeded: exceeded && ((scenario) => exceeded(this.#own(scenario), scenario) as Exceeded | null),
      explain: (thrown) => this.#explain(thrown as Refusal),
    };
  }

  get #text(): Sections['element'] {
    return this.#case.voice.words('element', elementWords);
  }

  #view(): TemplateResult {
    const { compact } = this;
    const [text, { words, units, say, language }] = [this.#text, this.#case.voice];
    const kind = compact ? 'compact' : this.#shown ? '' : 'bare';
    const [engine, good] = [this.#engine, this.#case.good];
    if (!engine) {
      return this.#failed
        ? html`<slot></slot><p class="placeholder" role="status">${text.unavailable}</p>`
        : html`<div class="place ${kind}"><slot></slot></div>`;
    }
    const wide = this.#width >= 620;
    const pad = this.#width <= 440 ? 14 : 22;
    const answerWidth = (wide ? this.#width - 300 : this.#width) - 2 * pad - 3;
    this.#moreOpen ||= [...this.#errors.keys()].some((name) => !isMain(name) && engine.fields.some((field) => kebab(field.name) === name));
    const open = this.#moreOpen;
    const toPanel = (name: PanelName) => (this.#names.includes(name) ? () => this.#show(name) : undefined);
    const input: FormInput = {
      fields: this.#case.fields, labels: this.#labels, help: this.#help, words, units, say, texts: this.#case.texts, errors: this.#errors, taken: this.#case.asked as Record<string, unknown>,
      decimalMark: this.#decimalMark, fixed: this.#fixed, onText: this.#onText, onCompare: toPanel('protocol'),
    };
    const fields: Fields = {
      lit: LIT, words, say, texts: this.#case.texts, errors: this.#errors, fixed: this.#fixed, row: (name, own) => row(name, { ...input, ...own }),
    };
    return html`<div class="card place ${kind} ${this.#dark ? 'dark' : 'light'}" part="base" lang=${language.tag} dir=${text.direction}>
      <div class="main">
        ${compact ? shortForm(input, this.#mended) : form(input, this.#more?.render(fields), open, () => { this.#moreOpen = !open; this.#draw(); })}
        ${good
          ? answer({
              report: good, format: this.#format, words, units, say, width: answerWidth, stale: this.#case.refused.size > 0, compact,
              onExceeded: toPanel('when-exceeded'),
            })
          : html`<p class="answer">${text.nothing}</p>`}
      </div>
      ${good ? this.#tools?.comparison({
        counted: (by) => words('answer', answerWords).counted[by],
        label: ({ name }) => input.labels[kebab(name)]?.label ?? name,
        said: (field, scenario) => given(field, kebab(field.name), { ...input, texts: textsOf([field], scenario, this.#decimalMark) }),
      }) : nothing}
      ${good && this.#shown ? this.#details(good, this.#shown, this.#width - 2 * pad - 2, fields) : nothing}
      ${this.#tools ? html`<footer part="footer">${this.#tools.footer(compact)}</footer>` : nothing}
      <output class="sr" aria-live="polite">${this.#case.said}</output>
    </div>`;
  }

  #details(report: Report, shown: PanelName, width: number, fields: Fields): TemplateResult {
    const [text, { words, units, say }] = [this.#text, this.#case.voice];
    const panel = this.#loaded[shown];
    const terms = words('answer', answerWords);
    const { scenario, answer } = this.#answers.get(shown) ?? { scenario: this.#case.answered, answer: undefined };
    return html`<div role="tablist" aria-label=${text.details} @keydown=${this.#onTabKey}>
        ${this.#names.map((name) => html`<button type="button" role="tab" id="tab-${name}" aria-controls="panel" aria-selected=${name === shown}
          tabindex=${name === shown ? 0 : -1} @click=${() => this.#show(name)}>${text.panels[name]}</button>`)}
      </div>
      <div role="tabpanel" id="panel" part="panel" aria-labelledby="tab-${shown}" ?data-stale=${this.#errors.size > 0}>
        ${this.#missing === shown ? html`<p class="note">${text.panelMissing}</p>` : nothing}
        ${this.#following ? noChange : panel?.render({
          ...fields, needed: (count, n) => needed(say, terms.needed[report.sizing.planCounts], count, n), counted: terms.counted[report.sizing.planCounts], units,
          scenario, report, answer, format: this.#format, width, root: this.#root, draw: () => this.#draw(),
          local: (this.#case.locals[shown] ??= {}), set: this.#onText, update: () => { this.#case.taken = undefined; this.#draw(); this.#tools?.announce(this.#tools.verdict); },
          kebab, explain: (thrown) => this.#explain(thrown as Refusal), parse: (typed) => parse(typed, 'none', this.#decimalMark),
        })}
      </div>`;
  }
}
