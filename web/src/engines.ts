/** The calculation without the element, for programs: each part is loaded when it is asked for, and once. */
export { loadEngine, type Engine, type Refusal } from './engine.js';
export type * from './types.js';

type ExceededModule = typeof import('../pkg/exceeded/proxy_concurrency_exceeded.js');
type SimulatorModule = typeof import('../pkg/simulator/proxy_concurrency_simulator.js');
type AdviceModule = typeof import('../pkg/advice/proxy_concurrency_advice.js');

/** What happens near and over the limit. */
export async function loadExceeded(): Promise<Pick<ExceededModule, 'exceeded' | 'simulationFields'>> {
  const { default: init, exceeded, simulationFields } = await import('../pkg/exceeded/proxy_concurrency_exceeded.js');
  await init();
  return { exceeded, simulationFields };
}

/** What breaks first, how to grow, what a client's settings let through, programs that keep to a cap, and probes. */
export async function loadAdvice(): Promise<
  Pick<AdviceModule, 'effective' | 'environmentFields' | 'limits' | 'probeDesign' | 'probeReading' | 'scale' | 'snippet'>
> {
  const { default: init, effective, environmentFields, limits, probeDesign, probeReading, scale, snippet } =
    await import('../pkg/advice/proxy_concurrency_advice.js');
  await init();
  return { effective, environmentFields, limits, probeDesign, probeReading, scale, snippet };
}

/** The same case simulated, request by request, in steps of the caller's. */
export async function loadSimulator(): Promise<Pick<SimulatorModule, 'simulation'>> {
  const { default: init, simulation } = await import('../pkg/simulator/proxy_concurrency_simulator.js');
  await init();
  return { simulation };
}
