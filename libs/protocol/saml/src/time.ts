const dateTime = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d{1,20})?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Reads an xs:dateTime. SAML Core 1.3.3 wants UTC; an offset is understood, a time without zone is refused.
 * @returns unix seconds rounded down, or undefined
 */
export function readInstant(value: string): number | undefined {
  const match = dateTime.exec(value);
  if (!match) return undefined;
  const milliseconds = Date.parse(`${match[1]}${match[3]}`);
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}

/** Writes unix seconds as an xs:dateTime in UTC. */
export function writeInstant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
