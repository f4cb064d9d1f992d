/**
 * Waits for work, but not longer than a limit. The work itself goes on; what it gives later is dropped.
 * @param late what to say when the time is up
 */
export async function withinTime<T, L>(work: Promise<T>, limit_ms: number, late: L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<L>((resolve) => {
    timer = setTimeout(resolve, limit_ms, late);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
