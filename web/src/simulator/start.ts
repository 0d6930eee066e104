/** Where the Worker comes from. */

/** Whether this is the folder that sites copy. Bundlers have to find the address as it is written, and admit it to their pages themselves. */
declare const FOLDER: boolean;

interface Policy {
  createScriptURL: (url: string) => string;
}
declare const trustedTypes: { createPolicy: (name: string, rules: Policy) => Policy };

/** Throws where the page's policy, or the host of the script, allows none. */
export const start = (): Worker => (FOLDER
  ? new Worker(admitted(String(new URL('./simulator-worker.js', import.meta.url))), { type: 'module' })
  : new Worker(new URL('./simulator-worker.js', import.meta.url), { type: 'module' }));

/** The address as Trusted Types want it, where there are any: the policy admits this one alone. */
const admitted = (address: string): string => (typeof trustedTypes === 'undefined'
  ? address
  : trustedTypes.createPolicy('proxy-concurrency', { createScriptURL: () => address }).createScriptURL(address));
