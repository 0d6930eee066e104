/** Where the Worker comes from, by an address that bundlers find as it is written. */

/** Throws where the page's policy, or the host of the script, allows none. */
export const start = (): Worker => new Worker(new URL('./simulator-worker.js', import.meta.url), { type: 'module' });
