/** Decodes base64 strictly; line breaks are allowed where the binding allows them. Undefined when it is not base64. */
export function readBase64(text: string, options: { readonly lineBreaks: boolean }): Buffer | undefined {
  const compact = options.lineBreaks ? text.replace(/[\r\n\t ]+/g, '') : text;
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return undefined;
  return Buffer.from(compact, 'base64');
}
