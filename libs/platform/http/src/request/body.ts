/**
 * What came with a request. Forms stay raw text: the protocol parses them by hand and refuses repeated parameters
 * (RFC 6749 3.2). Whether a kind is acceptable is the endpoint's decision, in its own error format.
 */
export type HttpBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'form'; readonly text: string }
  | { readonly kind: 'json'; readonly value: unknown }
  /** Not JSON, too deep, or with a member that would replace a prototype. */
  | { readonly kind: 'invalid_json' }
  | { readonly kind: 'other'; readonly content_type: string; readonly bytes: Buffer };

export const noBody: HttpBody = { kind: 'none' };

/** Largest body in bytes, unless a route says otherwise; SAML responses by POST are the largest we expect. */
export const defaultBodyLimit = 512 * 1024;
export const deepestJson = 40;

/**
 * Form text of a body: empty when nothing was sent.
 * @returns undefined when the body is something else than a form
 */
export const formText = (body: HttpBody): string | undefined => {
  if (body.kind === 'form') return body.text;
  return body.kind === 'none' ? '' : undefined;
};

/**
 * Whether arrays and objects nest deeper than allowed; looked at before parsing, as recursion over the parsed value
 * could overflow the stack of whoever walks it.
 */
export const isTooDeep = (json: string, deepest = deepestJson): boolean => {
  let depth = 0;
  let inText = false;
  for (let index = 0; index < json.length; index += 1) {
    const character = json.charCodeAt(index);
    if (inText) {
      if (character === 0x5c) index += 1;
      else if (character === 0x22) inText = false;
    } else if (character === 0x22) inText = true;
    else if (character === 0x5b || character === 0x7b) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (character === 0x5d || character === 0x7d) depth -= 1;
  }
  return false;
};
