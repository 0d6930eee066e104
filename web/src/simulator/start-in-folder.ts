/** The same in the folder that sites copy, where no bundler admits the address to a page that requires Trusted Types. */

interface Policy {
  createScriptURL: (url: string) => string;
}
declare const trustedTypes: { createPolicy: (name: string, rules: Policy) => Policy };

/** The policy admits this one address. */
const admitted = (address: string): string => (typeof trustedTypes === 'undefined'
  ? address
  : trustedTypes.createPolicy('proxy-concurrency', { createScriptURL: () => address }).createScriptURL(address));

export const start = (): Worker => new Worker(admitted(String(new URL('./simulator-worker.js', import.meta.url))), { type: 'module' });
