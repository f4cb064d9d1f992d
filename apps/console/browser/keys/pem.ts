/** A certificate as files have it, RFC 7468 5.1. @param der in base64 */
export const pemOf = (der: string): string =>
  ['-----BEGIN CERTIFICATE-----', ...(der.match(/.{1,64}/g) ?? []), '-----END CERTIFICATE-----'].join('\n');
