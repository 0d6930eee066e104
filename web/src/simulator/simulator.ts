/** The page's one simulator, whichever widgets ask it: a Worker, or the page itself where it may have none. */
import type { Asked, Told } from './runs.js';
import { start } from './start.js';

/** A run on its way. */
export interface Running {
  /** Waits while nobody looks. */
  hold: (held: boolean) => void;
  /** Ends it and hears how far it came. */
  stop: () => void;
  /** Ends it and hears nothing more. */
  drop: () => void;
}

type Send = (asked: Asked) => void;

/** Milliseconds of a slice on the page and of the pause after it. */
const SLICE = 6;
const PAUSE = 4;

const hearers = new Map<number, (told: Told) => void>();
let runs = 0;
let connected: Promise<Send> | undefined;

/** Begins to load what simulates. */
export function connect(): Promise<Send> {
  connected ??= byWorker().catch(onPage);
  // The network may have been at fault: the next run tries again.
  connected.catch(() => (connected = undefined));
  return connected;
}

/** Simulates a record; `hear` is told of it until it has ended. */
export function simulate(record: object, hear: (told: Told) => void): Running {
  const run = (runs += 1);
  const send = (asked: Asked): void => void connect().then((send) => hearers.has(run) && send(asked), (reason) => tell({ run, failed: String(reason) }));
  hearers.set(run, hear);
  send({ run, does: 'start', record });
  return {
    hold: (held) => send({ run, does: held ? 'hold' : 'resume' }),
    stop: () => send({ run, does: 'stop' }),
    drop: () => {
      if (hearers.delete(run)) void connected?.then((send) => send({ run, does: 'drop' }), () => {});
    },
  };
}

function tell(told: Told): void {
  const hear = hearers.get(told.run);
  if (!('simulated' in told) || told.ended) hearers.delete(told.run);
  hear?.(told);
}

/** Rejected where the Worker cannot be made, does not load, or cannot load the WebAssembly. */
function byWorker(): Promise<Send> {
  return new Promise((resolve, reject) => {
    const worker = start();
    let ready = false;
    worker.addEventListener('message', ({ data }: MessageEvent<Told | { ready: boolean; reason?: string }>) => {
      if (!('ready' in data)) tell(data);
      else if ((ready = data.ready)) resolve((asked) => worker.postMessage(asked));
      else fail(data.reason ?? '');
    });
    worker.addEventListener('error', (event) => {
      // It is told where a run is shown.
      event.preventDefault();
      fail(event.message ?? '');
    });
    function fail(reason: string): void {
      worker.terminate();
      reject(new Error(reason));
      if (!ready) return;
      connected = undefined;
      for (const run of [...hearers.keys()]) tell({ run, failed: reason });
    }
  });
}

async function onPage(): Promise<Send> {
  const { load, Runs } = await import('./runs.js');
  await load();
  const runs = new Runs(tell, SLICE, (next) => setTimeout(next, PAUSE));
  return (asked) => runs.take(asked);
}
