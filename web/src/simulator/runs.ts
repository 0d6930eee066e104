/** Simulations in turn, a slice of each at a time. The Worker runs this, and the page itself where it may have none. */
import init, { simulation, type Simulation } from '../../pkg/simulator/proxy_concurrency_simulator.js';
import type { Refusal } from '../engine.js';
import type { Simulated } from '../types.js';

/** What is asked. `stop` has a run tell how far it came; `drop` does not. */
export type Asked = { run: number; does: 'start'; record: object } | { run: number; does: 'hold' | 'resume' | 'stop' | 'drop' };

/** What is told of a run. `simulated` is null where the plan limits no number at once. */
export type Told =
  | { run: number; simulated: Simulated | null; ended: boolean }
  | { run: number; refused: readonly Partial<Refusal>[] }
  | { run: number; failed: string };

interface Run {
  record: object;
  simulation?: Simulation | undefined;
  held: boolean;
  /** When something is told again, by the clock of slices. */
  tellAt: number;
}

export const load = init;

/** What a browser compiles when it is first run takes longer than the first slice: nobody has to wait for it. */
export function warm(): void {
  const run = simulation({ arrivalRate: 10, responseTime: 1, responseTimeP95: 3 });
  run?.advance(1_000);
  run?.results();
  run?.free();
}

/** Milliseconds between two tellings at least: a frame. */
const FRAME = 16;
/** Events of a slice, at first and at most. */
const FIRST_EVENTS = 5_000;
const MOST_EVENTS = 2_000_000;

export class Runs {
  readonly #runs = new Map<number, Run>();
  #going = false;
  #events = FIRST_EVENTS;

  /** `slice` is the time in milliseconds that one takes; `pause` lets others have their turn. */
  constructor(readonly tell: (told: Told) => void, readonly slice: number, readonly pause: (next: () => void) => void) {}

  take(asked: Asked): void {
    const { run: number } = asked;
    const run = this.#runs.get(number);
    if (asked.does === 'start') this.#runs.set(number, { record: asked.record, held: false, tellAt: 0 });
    else if (asked.does === 'drop') this.#end(number);
    else if (run && asked.does === 'stop') this.#try(number, () => this.#finish(number, run));
    else if (run) run.held = asked.does === 'hold';
    if (!this.#going) this.#next();
  }

  #next(): void {
    const turn = [...this.#runs].find(([, { held }]) => !held);
    this.#going = turn !== undefined;
    if (turn) this.pause(() => this.#step(...turn));
  }

  #step(number: number, run: Run): void {
    // It may have been dropped in the pause.
    if (this.#runs.get(number) === run && !run.held) {
      this.#try(number, () => this.#advance(number, run));
      // Behind the others.
      if (this.#runs.delete(number)) this.#runs.set(number, run);
    }
    this.#next();
  }

  #advance(number: number, run: Run): void {
    run.simulation ??= simulation(run.record);
    const began = performance.now();
    const ended = (run.simulation?.advance(this.#events) ?? 1) >= 1;
    const now = performance.now();
    // A clock that is coarse or a slice that was cut off says little: no more than double.
    this.#events = Math.ceil(Math.min(MOST_EVENTS, this.#events * Math.min(2, this.slice / (now - began))));
    if (ended) return this.#finish(number, run);
    if (now < run.tellAt) return;
    this.tell({ run: number, simulated: run.simulation!.results(), ended: false });
    const told = performance.now();
    // Telling takes no more than a fifth of the time.
    run.tellAt = told + Math.max(FRAME, 4 * (told - now));
  }

  #finish(number: number, run: Run): void {
    const simulated = run.simulation?.results() ?? null;
    this.#end(number);
    this.tell({ run: number, simulated, ended: true });
  }

  #end(number: number): void {
    const run = this.#runs.get(number);
    this.#runs.delete(number);
    run?.simulation?.free();
  }

  #try(number: number, work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.#runs.delete(number);
      const { all } = thrown as Partial<Refusal>;
      // Plain records: what an error says beside its message does not survive the way to the page.
      this.tell(all
        ? { run: number, refused: all.map(({ field, value, code, message, index }) => ({ field, value, code, message, ...(index === undefined ? {} : { index }) })) }
        : { run: number, failed: String(thrown) });
    }
  }
}
