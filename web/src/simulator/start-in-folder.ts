/** The same in the folder that sites copy, where no bundler admits the address to a page that requires Trusted Types. */

interface Policy {
  createScriptURL: (url: string) => string;
}
declare const trustedTypes: { createPolicy: (name: string, rules: Policy) => Policy };

/** The policy admits this one address. */
const admitted = (address: string): string => (typeof trustedTypes === 'undefined'
  ? address
  : trustedTypes.createPolicy('proxy-concurrency', { createScriptURL: () => address }).createScriptURL(address));

export function start(): Worker {
  const { href, origin } = new URL('./simulator-worker.js', import.meta.url);
  // Browsers refuse one of another origin in any case, and Firefox says so in the console of a page that lacks nothing.
  if (origin !== location.origin) throw new Error(`${origin} is not the page's origin`);
  return new Worker(admitted(href), { type: 'module' });
}
