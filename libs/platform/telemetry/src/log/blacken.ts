/** Names, or ends of names, whose values never belong in a log. */
const secretName =
  /(?:^|[_-])(?:secrets?|passwords?|passwd|pwd|tokens?|codes?|assertions?|authorization|cookies?|jwts?|verifier|challenge|credentials?|keys?|nonces?|otp|totp|seed|hash|hint|body|query|form|state|saml_?request|saml_?response|relay_?state|connection_string|url_with_query)$/;

/** Ends like one of the above, yet says nothing that could be used. */
const harmlessName =
  /^(?:status_code|error_code|exit_code|country_code|reason_code|public_key_id|grant_state|store_state)$/;

/** `clientSecret` and `client-secret` are the same name. */
const spelled = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/-/g, '_');

const known = new Map<string, boolean>();

/** Whether the value of a field of this name must be left out. */
export const isSecretName = (name: string): boolean => {
  let secret = known.get(name);
  if (secret === undefined) {
    const plain = spelled(name);
    secret = secretName.test(plain) && !harmlessName.test(plain);
    if (known.size < 1000) known.set(name, secret);
  }
  return secret;
};

const blackenings: readonly (readonly [RegExp, string])[] = [
  // A JWT, or the beginning of one.
  [/\beyJ[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*){0,4}/g, '[jwt]'],
  [/\b(Bearer|Basic|DPoP)\s+[A-Za-z0-9+/=._~-]{4,}/gi, '$1 [gone]'],
  // Queries and fragments of addresses carry codes, tokens, states.
  [/([a-z][a-z0-9+.-]*:\/\/[^\s?#"'<>]*|(?<=\s|^|["'])\/[^\s?#"'<>]*)[?#][^\s"'<>]*/gi, '$1?[gone]'],
  // User and password in an address of a store.
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'<>]+@/gi, '$1[gone]@'],
  [
    /\b((?:client_)?secret|password|passwd|code|code_verifier|(?:access_|refresh_|id_|subject_|actor_)?token|client_assertion|assertion|SAMLResponse|SAMLRequest|RelayState|state|nonce)=[^\s&"'<>]+/gi,
    '$1=[gone]',
  ],
  [/-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g, '[pem]'],
];

const worthLooking = /[=?#@]|eyJ|-----BEGIN|\b(?:bearer|basic|dpop)\b/i;
const longest = 4000;

/** A text without what looks like a secret, a code or a token; very long texts are cut. */
export const blackenText = (text: string): string => {
  const cut = text.length > longest ? `${text.slice(0, longest)}...` : text;
  if (!worthLooking.test(cut)) return cut;
  return blackenings.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), cut);
};

const errorFields = (error: Error, depth: number): object => {
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: blackenText(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { error_code: code } : {}),
    stack: error.stack === undefined ? undefined : blackenText(error.stack),
    // Drivers hang the statement's values, clients the whole request on their errors: only the cause is followed.
    ...(error.cause !== undefined && depth < 3 ? { cause: blackenValue(error.cause, depth + 1) } : {}),
  };
};

const deepest = 6;

/** A value fit for a log line. */
export const blackenValue = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return blackenText(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value;
  if (value instanceof Error) return errorFields(value, depth);
  if (depth >= deepest) return '[deep]';
  if (Buffer.isBuffer(value) || ArrayBuffer.isView(value)) return '[bytes]';
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map || value instanceof Set) return '[collection]';
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => blackenValue(item, depth + 1));
  return blackenFields(value, depth + 1);
};

/** The fields of a log line: those named like a secret are left out, texts inside the others are blackened. */
export const blackenFields = (fields: object, depth = 0): Record<string, unknown> => {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    result[name] = isSecretName(name) ? '[gone]' : blackenValue(value, depth);
  }
  return result;
};
