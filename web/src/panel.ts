/** What every panel is given. A panel is a file of `panels/`, loaded when it is first shown. */
import { html, nothing, svg, type TemplateResult } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import type { FormInput } from './form.js';
import type { Format } from './format.js';
import type { FieldTexts } from './messages.js';
import type { Texts } from './state.js';
import type { Field, Report, Scenario } from './types.js';
import type { Say, Sections, Words } from './words.js';

/**
 * What is drawn with. Did a panel import them, Lit would become a file of its own: a fourth request before the answer. The same
 * holds for sections of the messages that the first answer has.
 */
export const LIT: { html: typeof html; svg: typeof svg; nothing: typeof nothing; live: typeof live } = { html, svg, nothing, live };

/** What it takes to show fields of the form's kind. */
export interface Fields {
  lit: typeof LIT;
  words: Words;
  say: Say;
  /** A field by its kebab-case name, as the form shows it; `own` shows fields of the panel's own. */
  row: (name: string, own?: Partial<FormInput>) => unknown;
  texts: Texts;
  errors: ReadonlyMap<string, string>;
  /** Whether the reader cannot change a field of the form. */
  fixed: (name: string) => boolean;
}

export interface PanelInput extends Fields {
  /** `157 connections`, in what the plan counts; `n` marks the number up. */
  needed: (count: number, n?: (words: unknown) => unknown) => unknown;
  /** What the plan counts, as `connections`. */
  counted: string;
  units: Sections['units'];
  scenario: Scenario;
  report: Report;
  /** What the panel's `ask` said to that scenario, the last time that it had an answer. */
  answer: unknown;
  format: Format;
  /** Width in CSS pixels that the panel has. */
  width: number;
  /** Where the panel is drawn: what is a widget's own, and none of the reader's, is kept by it. */
  root: ShadowRoot;
  /** Draws again. */
  draw: () => void;
  /** The panel's own to keep, while others are shown. Unlike the scenario it is never shared. */
  local: Record<string, unknown>;
  /** Types into a field of the form. */
  set: (name: string, text: string) => void;
  /** Draws again and reads it out, after a change to `local`. */
  update: () => void;
  /** What an engine refused, by kebab-case name, as it stands beside the field. */
  explain: (thrown: unknown) => ReadonlyMap<string, string>;
  kebab: (name: string) => string;
  /** A number as the reader types it. */
  parse: (typed: string) => number | undefined;
}

/** Fields that a panel adds to the scenario, and their words. */
export interface Brought {
  fields: readonly Field[];
  texts: (words: Words) => FieldTexts;
  help: (words: Words) => Readonly<Record<string, string>>;
}

export interface Panel {
  /** What the panel loads for itself; `report` is the last good answer. */
  ready?: (report: Report | null) => Promise<unknown>;
  /** Known when the panel is ready; one and the same whenever it is asked for. */
  brings?: () => Brought;
  /** What it has to say to a scenario: to the fields that the first answer knows, or to all. Throws a `Refusal`. */
  ask?: (own: Scenario, whole: Scenario) => unknown;
  render: (input: PanelInput) => TemplateResult;
}

export type PanelName = keyof Sections['element']['panels'];

export const PANELS: Record<PanelName, () => Promise<Panel>> = {
  'response-time': () => import('./panels/response-time.js'),
  protocol: () => import('./panels/protocol.js'),
  limits: () => import('./panels/limits.js'),
  'when-exceeded': () => import('./panels/when-exceeded.js'),
  configure: () => import('./panels/configure.js'),
  scale: () => import('./panels/scale.js'),
  probe: () => import('./panels/probe.js'),
};
