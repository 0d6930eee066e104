/** The panels below the answer: which are on offer, which is shown, what it has to say, and the tabs above it. */
import { html, noChange, nothing, type TemplateResult } from 'lit/html.js';
import answerWords from 'words:answer';
import type { Asking } from './compare.js';
import { parse } from './number.js';
import { PANELS, type Brought, type Fields, type Panel, type PanelName } from './panel.js';
import { kebab } from './state.js';
import type { Exceeded, Report, Scenario } from './types.js';
import type { Widget } from './widget.js';
import { needed } from './words.js';

export class Details {
  /** The panels on offer. */
  names: readonly PanelName[] = [];
  /** The one that was last chosen. */
  #chosen: PanelName | undefined;
  #loaded: Readonly<Partial<Record<PanelName, Panel>>> = {};
  /** A panel that could not be loaded. */
  #missing = '';
  /** What panels have brought. */
  readonly brought = new Set<Brought>();
  /** What each panel last said, and to which scenario. */
  readonly #answers = new Map<string, { scenario: Scenario; answer: unknown }>();
  #styled: Promise<void> | undefined;

  constructor(readonly widget: Widget) {}

  /** The panel that is shown: the chosen one, while it is on offer. */
  get shown(): PanelName | undefined {
    return this.#chosen && this.names.includes(this.#chosen) ? this.#chosen : this.names[0];
  }

  /** What leads to a panel, where it is on offer. */
  readonly to = (name: PanelName) => (this.names.includes(name) ? () => this.#show(name) : undefined);

  fetch(): void {
    const { shown } = this;
    if (shown && !this.#loaded[shown]) void this.load(shown);
  }

  async load(name: PanelName): Promise<void> {
    const { widget } = this;
    try {
      const panel = this.#loaded[name] ?? (await PANELS[name]());
      await Promise.all([panel.ready?.(widget.case.good), this.style(), widget.speaking.whole]);
      this.#loaded = { ...this.#loaded, [name]: panel };
      const brought = panel.brings?.();
      if (brought && !brought.fields.every((field) => widget.case.fields.includes(field))) {
        this.brought.add(brought);
        widget.preset.learn(brought);
        widget.calculate(true);
      }
      widget.consult();
    } catch (reason) {
      console.warn(`proxy-concurrency: the panel ${name} could not be loaded.`, reason);
      this.#missing = name;
      widget.draw();
    }
  }

  /** Settles when panels have their styles; once, whoever asks. */
  readonly style = (): Promise<void> => {
    this.#styled ??= import('./panel-styles.js').then(({ panelStyles }) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(panelStyles);
      this.widget.root.adoptedStyleSheets.push(sheet);
    });
    this.#styled.catch(() => (this.#styled = undefined));
    return this.#styled;
  };

  /** What the shown panel refuses, by kebab-case name. */
  ask(): ReadonlyMap<string, string> {
    const { shown, widget: { case: c, explain, own } } = this;
    let refused: ReadonlyMap<string, string> = new Map();
    if (!shown) return refused;
    const { ask } = this.#loaded[shown] ?? {};
    // A panel that is shown for the first time has no last good answer: then the last good scenario will do.
    for (const scenario of ask ? [c.asked, c.answered] : []) {
      try {
        this.#answers.set(shown, { scenario, answer: ask!(own(scenario), scenario) });
        break;
      } catch (thrown) {
        refused = new Map([...explain(thrown), ...refused]);
        if (this.#answers.has(shown)) break;
      }
    }
    return refused;
  }

  /** How the two sides of a comparison are asked for. */
  get asking(): Asking {
    const { own, explain, engine } = this.widget;
    const exceeded = this.#loaded['when-exceeded']?.ask;
    return {
      report: (scenario) => engine!.report(own(scenario)),
      exceeded: exceeded && ((scenario) => exceeded(own(scenario), scenario) as Exceeded | null),
      explain,
    };
  }

  #show(name: PanelName): void {
    const { root } = this.widget;
    // What is below stays where it is until the next panel has come.
    const panel = root.querySelector<HTMLElement>('#panel')!;
    panel.style.minHeight = `${panel.getBoundingClientRect().height}px`;
    this.#chosen = name;
    this.#missing = '';
    this.widget.draw();
    void this.load(name).then(() => this.widget.drawn).then(() => (panel.style.minHeight = ''));
    // On a narrow page the tabs scroll.
    void this.widget.drawn.then(() => root.querySelector(`#tab-${name}`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const { names, widget: { root, text } } = this;
    const rtl = text.direction === 'rtl' ? -1 : 1;
    const step = { ArrowRight: rtl, ArrowLeft: -rtl }[event.key];
    const at = names.indexOf(this.shown!);
    const next = event.key === 'Home' ? 0 : event.key === 'End' ? names.length - 1
      : step === undefined ? undefined : (at + step + names.length) % names.length;
    if (next === undefined) return;
    event.preventDefault();
    this.#show(names[next]!);
    void this.widget.drawn.then(() => root.querySelector<HTMLElement>(`#tab-${names[next]}`)?.focus());
  };

  /** `width` is what the panel has, in CSS pixels. */
  render(report: Report, shown: PanelName, width: number, fields: Fields): TemplateResult {
    const { widget, widget: { case: c, text, explain } } = this;
    const { words, units, say, format, decimalMark } = c.voice;
    const terms = words('answer', answerWords);
    const counts = report.sizing.planCounts;
    const { scenario, answer } = this.#answers.get(shown) ?? { scenario: c.answered, answer: undefined };
    return html`<div role="tablist" aria-label=${text.details} @keydown=${this.#onKey}>
        ${this.names.map((name) => html`<button type="button" role="tab" id="tab-${name}" aria-controls="panel" aria-selected=${name === shown}
          tabindex=${name === shown ? 0 : -1} @click=${() => this.#show(name)}>${text.panels[name]}</button>`)}
      </div>
      <div role="tabpanel" id="panel" part="panel" aria-labelledby="tab-${shown}" ?data-stale=${widget.errors.size > 0}>
        ${this.#missing === shown ? html`<p class="note">${text.panelMissing}</p>` : nothing}
        ${widget.following ? noChange : this.#loaded[shown]?.render({
          ...fields, needed: (count, n) => needed(say, terms.needed[counts], count, n), counted: terms.counted[counts], units,
          scenario, report, answer, format, width, root: widget.root, draw: widget.draw, local: (c.locals[shown] ??= {}), set: widget.onText,
          update: widget.onLocal, kebab, explain, parse: (typed) => parse(typed, 'none', decimalMark),
        })}
      </div>`;
  }
}
