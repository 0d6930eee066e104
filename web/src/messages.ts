/** What a reader is told about fields, by kebab-case name; the texts are in `messages/`. */
import type { Field } from './types.js';
import type { Sections } from './words.js';

export interface FieldText {
  readonly label: string;
  readonly hint?: string;
  /** Options of a choice, where the core's own word is not what a reader would say. */
  readonly options?: Readonly<Record<string, string>>;
}

export type FieldTexts = Readonly<Record<string, FieldText>>;

/** A field's unit as it stands behind the box. */
export const unitLabel = ({ unit }: Field, share: boolean, units: Sections['units']): string =>
  share ? '%' : unit === 'requests' ? '' : ((units as unknown as Record<string, string>)[unit] ?? unit);
