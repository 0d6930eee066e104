/** A calculator in its shadow root: asks the engine about the case, hears the shown panel, and loads what comes after the first answer. */
import { render } from 'lit/html.js';
import elementWords from 'words:element';
import { sentence } from './answer.js';
import { Case } from './case.js';
import { Details } from './details.js';
import { loadEngine, type Engine, type Refusal } from './engine.js';
import { isMain } from './form.js';
import { LIT } from './panel.js';
import { Preset } from './preset.js';
import type { ChangeDetail, ProxyConcurrencyElement } from './proxy-concurrency-element.js';
import { Speaking } from './speaking.js';
import { isShare, kebab, textOf, textsOf, toScenario, type Texts } from './state.js';
import type { Desk, Tools } from './tools.js';
import type { Scenario } from './types.js';
import { painted, task } from './task.js';
import { view } from './view.js';
import type { Sections } from './words.js';

export class Widget {
  readonly case = new Case();
  readonly preset = new Preset(this);
  readonly speaking = new Speaking(this);
  readonly details = new Details(this);
  engine: Engine | undefined;
  /** Whether it could not start. */
  failed = false;
  width = 0;
  dark = false;
  /** What the engine refused, and what the shown panel did. */
  errors: ReadonlyMap<string, string> = new Map();
  #panelErrors: ReadonlyMap<string, string> = new Map();
  /** Fields out of sight that have been wrong: they stay in sight. */
  readonly mended = new Set<string>();
  /** Settles when the shown panel has caught up with what was typed. */
  following: Promise<unknown> | undefined;
  /** The folded inputs, once they are there, and whether they are unfolded. */
  more: typeof import('./more.js') | undefined;
  open = false;
  tools: Tools | undefined;
  /** Settles when what is shown is up to date. */
  drawn: Promise<unknown> = Promise.resolve();
  #drawing = false;
  /** Whether anything of the calculator has been drawn. */
  #begun = false;
  readonly #desk: Desk;

  constructor(readonly el: ProxyConcurrencyElement, readonly root: ShadowRoot) {
    const { preset, details, draw } = this;
    this.#desk = {
      lit: LIT, kebab, textOf, textsOf, case: this.case, root, prefix: () => preset.prefix, text: () => this.text, scenarioOf: this.#scenarioOf,
      asking: () => details.asking, draw: () => (draw(), this.drawn), calculate: () => this.calculate(), stylePanels: details.style, painted,
    };
  }

  /** Draws anew, once for all changes of a turn; for the first time in a task of its own. */
  readonly draw = (): void => {
    if (this.#drawing) return;
    this.#drawing = true;
    this.drawn = (this.engine && !this.#begun ? task() : Promise.resolve()).then(() => {
      this.#drawing = false;
      this.#begun = !!this.engine;
      render(view(this), this.root);
    }).then(() => this.following);
  };

  start(): void {
    if (this.engine) return;
    const { el, preset, speaking } = this;
    speaking.follow();
    const engine = loadEngine();
    // A browser's first number takes it long: it has the time while the engine is on its way.
    void speaking.begun.then(task).then(() => this.case.voice.format.exact(0));
    // A link that compares is drawn once, with both.
    Promise.all([engine, speaking.begun, preset.compares && this.loadTools()]).then(
      async ([engine]) => {
        await task();
        this.engine = engine;
        speaking.complete();
        this.case.fields = engine.fields;
        preset.read();
        await this.drawn;
        await task();
        this.fetchParts();
      },
      (reason: unknown) => {
        console.warn('proxy-concurrency: the calculator could not start.', reason);
        this.failed = true;
        this.draw();
        el.setAttribute('data-state', 'unavailable');
      },
    );
  }

  get text(): Sections['element'] {
    return this.case.voice.words('element', elementWords);
  }

  readonly #scenarioOf = (texts: Texts): Scenario => toScenario(this.case.fields, texts, this.case.voice.decimalMark);

  /** What the engine of the first answer knows of a scenario: it refuses all else. */
  readonly own = (scenario: Scenario): Scenario => {
    const names = this.engine!.fields.map(({ name }) => name);
    return Object.fromEntries(Object.entries(scenario).filter(([name]) => names.includes(name))) as Scenario;
  };

  /** `quiet` where the reader has nothing to do with it; `typed` where the reader waits for the answer. */
  calculate(quiet = false, typed = false): void {
    const { case: c, engine, tools } = this;
    if (!engine) return;
    c.asked = this.#scenarioOf(c.texts);
    try {
      c.good = engine.report(this.own(c.asked));
      c.answered = c.asked;
      c.refused = new Map();
    } catch (thrown) {
      c.refused = this.explain(thrown);
    }
    if (typed) this.#follow();
    else this.consult();
    if (!quiet) tools?.announce(() => `${c.told} ${tools.wrong() || sentence({ report: c.good!, ...c.voice })}`);
    if (c.refused.size > 0) return;
    if (c.edited) tools?.write();
    const detail: ChangeDetail = { scenario: c.asked, report: c.good! };
    this.el.dispatchEvent(new CustomEvent('change', { detail, bubbles: true, composed: true }));
  }

  /** The answer is painted first, and the shown panel follows in a task of its own. */
  #follow(): void {
    this.errors = new Map([...this.#panelErrors, ...this.case.refused]);
    this.following ??= painted().then(() => {
      this.following = undefined;
      this.consult();
      return this.drawn;
    });
    this.draw();
  }

  /** Hears the shown panel: it may refuse fields that the engine does not look at. */
  consult(): void {
    this.#panelErrors = this.details.ask();
    this.errors = new Map([...this.#panelErrors, ...this.case.refused]);
    for (const name of this.errors.keys()) if (!isMain(name)) this.mended.add(name);
    // It has the sentences, too.
    if (this.errors.size > 0) void this.#loadMore();
    this.draw();
  }

  /** Says what is wrong in other words. */
  explainAgain(): void {
    if (this.case.refused.size > 0) this.calculate(true);
    else if (this.engine) this.consult();
    this.draw();
  }

  /** Each refusal as it stands beside its field, which says the name already. */
  readonly explain = (thrown: unknown): ReadonlyMap<string, string> => {
    const { all } = thrown as Refusal;
    if (!Array.isArray(all)) throw thrown;
    return new Map(all.map((refusal: Refusal) => {
      const { field: name, message } = refusal;
      const field = this.case.fields.find((field) => field.name === name);
      const said = this.more?.sentenceOf(refusal, field, !!field && isShare(field), this.case.voice);
      return [kebab(name), said ?? message.replace(name, '').replace(/^:? /, '')];
    }));
  };

  readonly onText = (name: string, text: string): void => {
    const { case: c } = this;
    if (this.preset.fixed(name)) return;
    c.edited = true;
    c.told = '';
    c.taken = undefined;
    c.texts = { ...c.texts, [name]: text };
    this.calculate(false, true);
  };

  /** Something was typed that is a panel's own. */
  readonly onLocal = (): void => {
    this.case.taken = undefined;
    this.draw();
    this.tools?.announce(this.tools.verdict);
  };

  readonly onMore = (): void => {
    this.open = !this.open;
    this.draw();
  };

  /** What comes after the answer: the folded inputs, where there are any, and the panel that is shown. */
  fetchParts(): void {
    const { el, details } = this;
    // A panel may show fields of the fold, too, and needs their names.
    const more = !el.compact || details.shown;
    void Promise.all([this.loadTools(), more && this.#loadMore()]).then(() => {
      if (el.dataset['state'] !== 'ready') el.setAttribute('data-state', 'ready');
    });
    details.fetch();
  }

  async #loadMore(): Promise<void> {
    if (this.more) return;
    try {
      [this.more] = await Promise.all([import('./more.js'), this.speaking.whole]);
      this.explainAgain();
    } catch (reason) {
      console.warn('proxy-concurrency: the folded inputs could not be loaded.', reason);
    }
    this.draw();
  }

  /** The reader's tools, and what shows a comparison where there is one. */
  readonly loadTools = async (): Promise<void> => {
    const { case: c } = this;
    try {
      this.tools ??= new (await import('./tools.js')).Tools(this.#desk);
      this.preset.fetchBrought();
      if (c.pinned || !this.engine && this.preset.compares) await this.tools.load();
      // What was typed before they came.
      if (c.edited && c.refused.size === 0) this.tools.write();
    } catch (reason) {
      console.warn('proxy-concurrency: the tools could not be loaded.', reason);
    }
    this.draw();
  };
}
