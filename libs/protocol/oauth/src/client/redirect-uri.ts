const loopback = /^http:\/\/(127\.0\.0\.1|\[::1\])(?::\d{1,5})?(?=[/?]|$)/;

/**
 * Tells whether a redirect URI is registered. Simple string comparison, no prefix, no case folding; only the port of a loopback
 * address is free, because a native app gets whatever port is left. RFC 9700 4.1.3, RFC 8252 7.3.
 */
export const isRegisteredUri = (uri: string, registered: readonly string[]): boolean => {
  if (registered.includes(uri)) return true;
  const free = withoutPort(uri);
  return free !== undefined && registered.some((one) => withoutPort(one) === free);
};

/** A loopback address without its port; nothing for any other address. */
const withoutPort = (uri: string): string | undefined =>
  loopback.test(uri) ? uri.replace(loopback, 'http://$1') : undefined;
