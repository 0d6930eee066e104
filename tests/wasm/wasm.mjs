// The wasm modules that readers load, behind the glue that the page's scripts are bundled from.
import { readFileSync } from 'node:fs';
import * as advice from '../../web/pkg/advice/proxy_concurrency_advice.js';
import * as over from '../../web/pkg/exceeded/proxy_concurrency_exceeded.js';
import * as simulator from '../../web/pkg/simulator/proxy_concurrency_simulator.js';
import { initSync, report } from '../../web/pkg/proxy_concurrency.js';

export { fields, report, version } from '../../web/pkg/proxy_concurrency.js';
export const { exceeded, simulationFields } = over;
export const { simulation } = simulator;
export const { environmentFields, limits, scale } = advice;

/** What is shipped under a name. */
export const shipped = (name) => readFileSync(new URL(`../../web/dist/${name}`, import.meta.url));

initSync({ module: shipped('proxy_concurrency_bg.wasm') });
over.initSync({ module: shipped('parts/proxy_concurrency_exceeded_bg.wasm') });
simulator.initSync({ module: shipped('parts/proxy_concurrency_simulator_bg.wasm') });
advice.initSync({ module: shipped('parts/proxy_concurrency_advice_bg.wasm') });

const ENVIRONMENT = new Set(environmentFields().map(({ name }) => name));
/** What is the scenario's of a record that holds an environment as well. */
const scenario = (input) => Object.fromEntries(Object.entries(input).filter(([name]) => !ENVIRONMENT.has(name)));

/** All modules' answers as the one tree that `size` prints. */
export const answer = (input) => ({
  ...report(scenario(input)), exceeded: exceeded(scenario(input)), limits: limits(input), scale: scale(input),
});
