/** Who acts, the current actor first, then those before it. RFC 8693 4.1: each `act` nests the earlier one. */
export const actorsOf = (act: unknown): string[] => {
  if (typeof act !== 'object' || act === null) return [];
  const { sub, act: earlier } = act as { sub?: unknown; act?: unknown };
  return typeof sub === 'string' ? [sub, ...actorsOf(earlier)] : [];
};
