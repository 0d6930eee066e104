// The wasm that readers load, behind the glue that the page's script is bundled from.
import { readFileSync } from 'node:fs';
import { initSync } from '../../web/pkg/proxy_concurrency.js';

export { fields, report, version } from '../../web/pkg/proxy_concurrency.js';

initSync({ module: readFileSync(new URL('../../web/dist/proxy_concurrency_bg.wasm', import.meta.url)) });
