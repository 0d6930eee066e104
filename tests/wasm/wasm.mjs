// The two wasm modules that readers load, behind the glue that the page's scripts are bundled from.
import { readFileSync } from 'node:fs';
import * as over from '../../web/pkg/exceeded/proxy_concurrency_exceeded.js';
import { initSync, report } from '../../web/pkg/proxy_concurrency.js';

export { fields, report, version } from '../../web/pkg/proxy_concurrency.js';
export const { exceeded } = over;

/** What is shipped under a name. */
export const shipped = (name) => readFileSync(new URL(`../../web/dist/${name}`, import.meta.url));

initSync({ module: shipped('proxy_concurrency_bg.wasm') });
over.initSync({ module: shipped('proxy_concurrency_exceeded_bg.wasm') });

/** Both modules' answers as the one tree that `size` prints. */
export const answer = (input) => ({ ...report(input), exceeded: exceeded(input) });
