const prefix = 'urn:ietf:params:oauth:request_uri:';
const reference = /^[A-Za-z0-9_-]{22,128}$/;

/** Seconds that a pushed request waits for its browser. RFC 9126 2.2. */
export const pushedRequestLifetime = 60;

/** The `request_uri` that stands for a pushed request. @param ref at least 128 random bits, base64url. RFC 9126 2.2 */
export const requestUriOf = (ref: string): string => `${prefix}${ref}`;

/** The reference inside a `request_uri` of ours; nothing for any other address, which is never fetched. RFC 9101 10.4. */
export const parseRequestUri = (request_uri: string): string | undefined => {
  if (!request_uri.startsWith(prefix)) return undefined;
  const ref = request_uri.slice(prefix.length);
  return reference.test(ref) ? ref : undefined;
};
