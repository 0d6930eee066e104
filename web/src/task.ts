/** Lets the browser paint and hear its reader before what comes next, which has its turn first after that. */
export function task(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: { yield?: () => Promise<void> } };
  return scheduler?.yield?.() ?? new Promise((resolve) => void setTimeout(resolve));
}

/** Settles in a task after the next frame. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => void setTimeout(resolve));
    // A page out of sight has no frames.
    setTimeout(resolve, 100);
  });
}
