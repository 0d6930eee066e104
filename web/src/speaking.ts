/** A widget speaks the language of its place: follows it, loads its words, and reads what was typed anew. */
import fieldTexts from 'words:fields';
import type { FieldTexts } from './messages.js';
import { textsOf, toScenario, type Texts } from './state.js';
import type { Widget } from './widget.js';
import { ENGLISH, localeOf, voiceOf, type Language } from './words.js';

const warn = (reason: unknown): undefined => void console.warn('proxy-concurrency: the page’s language could not be loaded.', reason);

export class Speaking {
  /** The locale that was asked for last; its language may still be on its way. */
  #locale = 'en';
  /** Settles when the language of that locale has come, and when all of it has come. */
  begun: Promise<unknown> = Promise.resolve();
  whole: Promise<unknown> = Promise.resolve();

  constructor(readonly widget: Widget) {}

  follow(): void {
    const locale = localeOf(this.widget.el);
    if (locale === this.#locale) return;
    this.#locale = locale;
    const known = /^en\b/.test(locale) ? Promise.resolve(ENGLISH) : import('./language.js').then(({ languageFor }) => languageFor(locale), warn);
    this.begun = known.then(async (language = ENGLISH) => this.#speak(locale, this.widget.engine ? await this.#wholeOf(language) : language));
  }

  /** Gets the sections that the first answer did without. */
  complete(): void {
    const { locale, language } = this.widget.case.voice;
    this.whole = this.#wholeOf(language).then((language) => this.#speak(locale, language));
  }

  async #wholeOf(language: Language): Promise<Language> {
    return (await language.rest?.().catch(warn)) ?? language;
  }

  #speak(locale: string, language: Language): void {
    // Another one may have been asked for meanwhile.
    if (locale !== this.#locale) return;
    const { widget, widget: { case: c } } = this;
    const before = c.voice.decimalMark;
    c.voice = voiceOf(locale, language);
    if (before !== c.voice.decimalMark) {
      const same = (texts: Texts): Texts => textsOf(c.fields, toScenario(c.fields, texts, before), c.voice.decimalMark);
      [c.texts, c.preset] = [same(c.texts), same(c.preset)];
      c.pinned &&= same(c.pinned);
      if (c.taken) c.taken = { ...c.taken, texts: same(c.taken.texts) };
      // The attributes are the same, though they read otherwise.
      if (widget.engine) widget.preset.know();
    }
    widget.explainAgain();
  }

  /** Names of the fields, as far as their words have come. */
  get labels(): FieldTexts {
    const { more, details: { brought }, case: { voice: { words } } } = this.widget;
    return {
      ...words('fields', fieldTexts), ...(more ? words('moreFields', more.texts) : {}),
      ...Object.assign({}, ...[...brought].map(({ texts }) => texts(words))),
    };
  }

  get help(): Readonly<Record<string, string>> {
    const { more, details: { brought }, case: { voice: { words } } } = this.widget;
    return { ...(more ? words('help', more.help) : {}), ...Object.assign({}, ...[...brought].map(({ help }) => help(words))) };
  }
}
