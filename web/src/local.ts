/** Inputs that are a panel's own: kept while others are shown, never in the address, the scenario or what is copied. */
import type { TemplateResult } from 'lit/html.js';
import copying from 'words:copying';
import { copyText } from './copying.js';
import type { FieldTexts } from './messages.js';
import type { PanelInput } from './panel.js';
import type { Field } from './types.js';

/** What a panel keeps. */
export interface Local {
  texts?: Record<string, string>;
  /** The last question and what came of it. */
  asked?: string;
  /** Whether something wrong has opened a fold. */
  opened?: boolean;
  /** The refusal, if it was one. */
  thrown?: unknown;
  good?: unknown;
  /** What became of copying, by the id of what was copied. */
  told?: Readonly<Record<string, string>>;
}

export interface OwnField {
  /** As the core calls it. */
  name: string;
  /** Where it is the name of a setting, not a word. */
  label?: string;
  kind?: 'text' | 'lines' | 'number' | 'choice' | 'switch';
  /** The words of a choice, in the order in which they are offered. */
  options?: readonly string[];
  placeholder?: string;
}

export interface Own {
  /** What was typed; undefined for nothing. */
  text: (name: string) => string | undefined;
  /** The same as a number, or as the text that it was where it is none. */
  number: (name: string) => unknown;
  /** The engine's answer to a record, the last good one if this is refused. */
  ask: <T>(question: (record: never) => T, record: unknown) => T | undefined;
  rows: () => unknown;
  wrong: boolean;
}

/** `said` are the fields' labels, hints and options, by kebab-case name. */
export function own(input: PanelInput, local: Local, said: FieldTexts, fields: readonly OwnField[]): Own {
  const texts = (local.texts ??= {});
  const text = (name: string): string | undefined => texts[input.kebab(name)]?.trim() || undefined;
  return {
    text,
    number: (name) => {
      const typed = text(name);
      return typed === undefined ? undefined : (input.parse(typed) ?? typed);
    },
    ask: <T>(question: (record: never) => T, record: unknown): T | undefined => {
      const asked = JSON.stringify(record);
      if (asked !== local.asked) {
        local.asked = asked;
        try {
          local.good = question(record as never);
          local.thrown = undefined;
        } catch (thrown) {
          local.thrown = thrown;
        }
      }
      return local.good as T | undefined;
    },
    get wrong() {
      return local.thrown !== undefined;
    },
    rows: () => fields.map(({ name }) => input.row(input.kebab(name), {
      fields: fields.map(toField),
      labels: Object.fromEntries(fields.map(({ name, label = name }) => [input.kebab(name), { label, ...said[input.kebab(name)] }])),
      help: {}, texts, errors: local.thrown === undefined ? new Map() : input.explain(local.thrown), scope: 'own-', fixed: () => false,
      onText: (name, text) => { texts[name] = text; input.update(); },
    })),
  };
}

/** As the form's rows take it. They know lists of numbers by their kind; for a list of words it is as good. */
function toField({ name, kind = 'text', options = [], placeholder = '' }: OwnField): Field {
  const takes = kind === 'choice'
    ? { kind, options, default: options[0] ?? null }
    : { kind: kind === 'lines' ? 'numbers' : kind, default: placeholder };
  return { name, unit: '', takes } as unknown as Field;
}

/** Copies the text of an element. Where that is refused, the text is selected for the reader's own hand. */
export function copyButton({ lit: { html }, words, say, update }: PanelInput, local: Local, id: string, what: string): TemplateResult {
  const text = words('copying', copying);
  const copy = async (event: Event): Promise<void> => {
    const root = (event.currentTarget as HTMLElement).getRootNode() as ShadowRoot;
    local.told = { [id]: (await copyText(root.getElementById(id)!)) ? text.copied : text.selected };
    update();
  };
  return html`<button type="button" class="link" aria-label=${say(text.copyWhat, { what })} @click=${copy}>${text.copy}</button>
    <span class="hint" role="status">${local.told?.[id] ?? ''}</span>`;
}
