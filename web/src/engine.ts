/** The calculation, loaded once for all widgets of a page. */
import init, { fields, report, version } from '../pkg/proxy_concurrency.js';
import { task } from './task.js';
import type { Field, Report, Scenario } from './types.js';

export interface Engine {
  readonly fields: readonly Field[];
  /** Throws a {@link Refusal}. */
  report(scenario: Scenario): Report;
  /** Of this package. */
  version(): string;
}

/** What the engine throws for bad input: the first refusal, and all of them. */
export interface Refusal extends Error {
  field: string;
  value: unknown;
  /** Which rule it breaks: `number`, `choice`, `switch`, `list`, `item`, `told` or `unknown`. */
  code: string;
  /** Of an item, from 0. */
  index?: number;
  /** The rule's numbers, where no table of fields has them. */
  min?: number;
  max?: number;
  whole?: boolean;
  unit?: string;
  all: readonly Refusal[];
}

let engine: Promise<Engine> | undefined;

export function loadEngine(): Promise<Engine> {
  engine ??= init().then(task).then(() => ({ fields: fields(), report, version }));
  // A failed load may be a passing fault of the network: the next widget tries again.
  engine.catch(() => (engine = undefined));
  return engine;
}
