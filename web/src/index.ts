import init, { report, fields } from '../pkg/proxy_concurrency.js';
await init({module_or_path: new URL('proxy_concurrency_bg.wasm', import.meta.url)});
console.log(report({arrivalRate: 50, responseTime: 2.5}), fields());
