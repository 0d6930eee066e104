/** One case as an element holds it: what was given, typed and pinned, and what came of it. */
import type { Texts } from './state.js';
import type { Field, Report, Scenario } from './types.js';
import { ENGLISH, voiceOf, type Voice } from './words.js';

/** What a reader types into panels, by panel. */
export type Locals = Record<string, Record<string, unknown>>;

export class Case {
  /** Those of the engine, and those that panels have brought. */
  fields: readonly Field[] = [];
  voice: Voice = voiceOf('en', ENGLISH);
  /** From the page. */
  preset: Texts = {};
  /** With what the address says and the reader typed on top. */
  texts: Texts = {};
  locals: Locals = {};
  /** Whether a reader has changed anything: before, the address is left alone. */
  edited = false;
  /** What the last reset took away. */
  taken: { texts: Texts; locals: Locals } | undefined;
  /** What the form is compared with. */
  pinned: Texts | undefined;
  /** What the core was last asked, good or not, and what it last answered. */
  asked: Scenario = {};
  answered: Scenario = {};
  good: Report | null = null;
  /** What the engine refused, by kebab-case name. */
  refused: ReadonlyMap<string, string> = new Map();
  /** What became of the last press of a button, and what is read out. */
  told = '';
  said = '';
}
