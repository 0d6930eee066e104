/** Languages other than English, loaded where a widget speaks one: pages in English do without this file. */
import languages from 'words:languages';
import type { Language } from './words.js';

/** The language for a locale: `de` for `de-AT`, `zh-Hans` for `zh-CN`; undefined for English and where there is none. Never fails. */
export async function languageFor(locale: string): Promise<Language | undefined> {
  const { language, script } = new Intl.Locale(locale).maximize();
  const tag = [language, `${language}-${script}`].find((tag) => Object.hasOwn(languages, tag));
  if (!tag) return undefined;
  try {
    const { default: sections, rest } = await languages[tag]!();
    return { tag, sections, rest: async () => ({ tag, sections: { ...sections, ...(await rest()).default } }) };
  } catch (reason) {
    console.warn(`proxy-concurrency: the language ${tag} could not be loaded.`, reason);
    return undefined;
  }
}
