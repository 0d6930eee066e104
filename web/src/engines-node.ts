/** The same for Node.js, whose `fetch` opens no files. Each function of the engine is the same; only how its bytes come differs. */
import { readFile } from 'node:fs/promises';
import advice from '../pkg/advice/proxy_concurrency_advice.js';
import exceeded from '../pkg/exceeded/proxy_concurrency_exceeded.js';
import init from '../pkg/proxy_concurrency.js';
import simulator from '../pkg/simulator/proxy_concurrency_simulator.js';
import * as engine from './engines.js';

// An engine that has its bytes asks for no others. The addresses are whole, so that bundlers for servers find the files as well.
export const loadEngine: typeof engine.loadEngine = async () => {
  await init({ module_or_path: readFile(new URL('proxy_concurrency_bg.wasm', import.meta.url)) });
  return engine.loadEngine();
};

export const loadExceeded: typeof engine.loadExceeded = async () => {
  await exceeded({ module_or_path: readFile(new URL('proxy_concurrency_exceeded_bg.wasm', import.meta.url)) });
  return engine.loadExceeded();
};

export const loadAdvice: typeof engine.loadAdvice = async () => {
  await advice({ module_or_path: readFile(new URL('proxy_concurrency_advice_bg.wasm', import.meta.url)) });
  return engine.loadAdvice();
};

export const loadSimulator: typeof engine.loadSimulator = async () => {
  await simulator({ module_or_path: readFile(new URL('proxy_concurrency_simulator_bg.wasm', import.meta.url)) });
  return engine.loadSimulator();
};
