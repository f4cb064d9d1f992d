const inFull = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** A moment as people read it here. @param seconds Unix seconds */
export const timeOf = (seconds: number): string => inFull.format(seconds * 1000);

/** @param ms milliseconds since 1970 */
export const timeOfMs = (ms: number): string => inFull.format(ms);

/** Time that passed between two moments: `+120 ms`, `+3.2 s`, `+2 min`. */
export const passed = (ms: number): string => {
  if (ms < 1000) return `+${ms} ms`;
  return ms < 60_000 ? `+${(ms / 1000).toFixed(1)} s` : `+${Math.round(ms / 60_000)} min`;
};
