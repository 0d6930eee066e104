/** The Worker of a page, which all its widgets share. */
import { load, Runs, warm, type Asked } from './runs.js';

/** Milliseconds of a slice: a message from the page waits no longer. */
const SLICE = 12;

// Not a timer: after some of them browsers make each wait for milliseconds.
const { port1, port2 } = new MessageChannel();
let next: () => void;
port1.onmessage = () => next();
const runs = new Runs((told) => postMessage(told), SLICE, (step) => {
  next = step;
  port2.postMessage(null);
});

addEventListener('message', ({ data }: MessageEvent<Asked>) => runs.take(data));
load().then(
  () => {
    postMessage({ ready: true });
    warm();
  },
  (reason: unknown) => postMessage({ ready: false, reason: String(reason) }),
);
