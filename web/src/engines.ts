/** The calculation without the element, for programs: each part is loaded when it is asked for, and once. */
export { loadEngine, type Engine, type Refusal } from './engine.js';
export type * from './types.js';

type ExceededModule = typeof import('../pkg/exceeded/proxy_concurrency_exceeded.js');
type AdviceModule = typeof import('../pkg/advice/proxy_concurrency_advice.js');

/** What happens near and over the limit. */
export async function loadExceeded(): Promise<Pick<ExceededModule, 'exceeded'>> {
  const { default: init, exceeded } = await import('../pkg/exceeded/proxy_concurrency_exceeded.js');
  await init();
  return { exceeded };
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
