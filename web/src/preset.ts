/** What the page and its address say of a case: attributes, the property `scenario`, the fragment. */
import { isPlans } from './author.js';
import type { Brought } from './panel.js';
import { fromAttribute, isMarked, kebab, readHash, textsOf, type Texts } from './state.js';
import type { Field, Scenario } from './types.js';
import type { Widget } from './widget.js';

/** Shown where the author presets nothing: 50 requests a second at 2.5 s, and a few plans. */
const EXAMPLE: Scenario = { arrivalRate: 50, responseTime: 2.5, responseTimeP95: 8, planTiers: [50, 100, 200, 500, 1000] };

export class Preset {
  /** What was set by the property. */
  given: Scenario = {};
  /** The attributes' texts that were last read. */
  #read = '';

  constructor(readonly widget: Widget) {}

  /** Begins the element's keys in the address. */
  get prefix(): string {
    const { id } = this.widget.el;
    return id ? `${id}.` : '';
  }

  /** Marks a link that compares, and begins the keys of what it compares with. */
  get #compareKey(): string {
    return `${this.prefix}compare`;
  }

  /** Before the keys of the case, and before those of what it is compared with. */
  get #prefixes(): readonly string[] {
    return [this.prefix, `${this.#compareKey}-`];
  }

  get compares(): boolean {
    return isMarked(location.hash, this.#compareKey);
  }

  get #mark(): string {
    return this.widget.case.voice.decimalMark;
  }

  /** A field that the reader does not change. */
  readonly fixed = (name: string): boolean => this.widget.el.readonlyPlan && isPlans(name);

  #attributeTexts(fields: readonly Field[]): Texts {
    return Object.fromEntries(fields.flatMap((field) => {
      const name = kebab(field.name);
      const text = this.widget.el.getAttribute(name);
      return text === null ? [] : [[name, fromAttribute(field, text, this.#mark)]];
    }));
  }

  /** From the attributes and the property. */
  #of(fields: readonly Field[]): Texts {
    const { el, engine } = this.widget;
    const authors = engine?.fields.some(({ name }) => el.hasAttribute(kebab(name)));
    const given = Object.keys(this.given).length > 0 ? this.given : authors ? {} : EXAMPLE;
    return { ...textsOf(fields, given, this.#mark), ...this.#attributeTexts(fields) };
  }

  #shared(fields: readonly Field[], prefix = this.prefix): Texts {
    return readHash(location.hash, fields.filter(({ name }) => !this.fixed(kebab(name))), prefix, this.#mark);
  }

  /** Presets, and the address on top. */
  #readHash(): void {
    const { case: c, loadTools } = this.widget;
    c.texts = { ...c.preset, ...this.#shared(c.fields) };
    c.pinned = this.compares ? { ...c.preset, ...this.#shared(c.fields, `${this.#compareKey}-`) } : undefined;
    if (c.pinned) void loadTools();
  }

  /** Takes the attributes for read as they are. */
  know(): boolean {
    const read = JSON.stringify([this.#attributeTexts(this.widget.case.fields), this.widget.el.readonlyPlan]);
    const known = read === this.#read;
    this.#read = read;
    return known;
  }

  /** With the URL on top. What was set or typed since the attributes were last read stays, while these stay. */
  read(): void {
    this.fetchBrought();
    if (this.know()) return;
    const { case: c } = this.widget;
    c.preset = this.#of(c.fields);
    this.#readHash();
    this.widget.calculate(!c.good);
  }

  /** Whether the address says anything of the case, or of what it is compared with. */
  get #addressed(): boolean {
    const { case: { fields }, tools } = this.widget;
    return this.compares || this.#prefixes.some((prefix) => Object.keys(this.#shared(fields, prefix)).length > 0)
      || !!tools?.brought(() => false, this.#prefixes).length;
  }

  readonly onHash = (): void => {
    const { case: c, engine, tools } = this.widget;
    if (!engine) return;
    // The page's own anchors take nothing from what a reader has typed.
    if (c.edited && !this.#addressed) return tools?.write();
    this.fetchBrought();
    const now = () => JSON.stringify([c.texts, c.pinned]);
    const before = now();
    this.#readHash();
    if (now() !== before) this.widget.calculate();
  };

  /** What was set takes the place of all that was typed. */
  set(scenario: Scenario): void {
    this.given = scenario;
    const { case: c, engine } = this.widget;
    if (!engine) return;
    c.texts = c.preset = textsOf(c.fields, scenario, this.#mark);
    this.widget.calculate();
    this.fetchBrought();
  }

  /** The fields that panels bring, before these are shown, where the page or its address presets one. */
  fetchBrought(): void {
    const { el, tools, details } = this.widget;
    const given = Object.keys(this.given).map(kebab);
    const wanted = tools?.brought((name) => el.hasAttribute(name) || given.includes(name), this.#prefixes);
    for (const name of wanted ?? []) void details.load(name);
  }

  /** Takes in what a panel brings: its fields with what is preset for them, beside all that has been typed. */
  learn(brought: Brought): void {
    const { case: c } = this.widget;
    const unknown = brought.fields.filter(({ name }) => !c.fields.some((field) => field.name === name));
    c.fields = [...c.fields, ...unknown];
    this.know();
    const preset = this.#of(unknown);
    c.preset = { ...c.preset, ...preset };
    c.texts = { ...c.texts, ...preset, ...this.#shared(unknown) };
    if (c.pinned) c.pinned = { ...c.pinned, ...preset, ...this.#shared(unknown, `${this.#compareKey}-`) };
  }
}
