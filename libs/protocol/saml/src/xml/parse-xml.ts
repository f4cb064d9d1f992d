import type { Outcome } from '@corsac/outcome';
import { fail, ok } from '@corsac/outcome';
import { hasForbiddenCharacter } from './characters.js';
import type { XmlLimits } from './limits.js';
import { Malformed, XmlReader } from './xml-reader.js';
import { scanBounds } from './scan-bounds.js';
import type { NamespaceScope, XmlElement } from './xml-element.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const declaration =
  /^<\?xml version=(?:"1\.0"|'1\.0')(?: encoding=(?:"utf-8"|'utf-8'))?(?: standalone=["'](?:yes|no)["'])? ?\?>/i;

/** XML Namespaces 1.0 3: bound without being declared. */
const initialScope: NamespaceScope = new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]);

/** The text, or why it is none that we read. */
function decode(bytes: Uint8Array, limits: XmlLimits): Outcome<string, string> {
  if (bytes.byteLength > limits.bytes) return fail(`it has ${bytes.byteLength} bytes, more than ${limits.bytes}`);
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return fail('it is not UTF-8');
  }
  if (hasForbiddenCharacter(text)) return fail('it has a character that XML does not allow');
  text = text.replace(declaration, '');
  // XML 1.0 2.11: a lone or paired carriage return is a line feed before anything else is looked at.
  return ok(text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text);
}

/**
 * Reads XML strictly into a tree: UTF-8 only, bounds first, no DOCTYPE, no entity but the five of XML, no processing
 * instruction, namespaces resolved, every mismatch an error. Time is linear in the size of the input.
 * @param source UTF-8 bytes, or text that is turned into them
 * @param limits bounds, checked before the tree is built
 * @param scope namespaces in scope around the text, for a fragment out of a document (XML Encryption 4.4)
 * @returns the document element, or the reason in words for a log
 */
export function parseXml(
  source: Uint8Array | string,
  limits: XmlLimits,
  scope: NamespaceScope = initialScope,
): Outcome<XmlElement, string> {
  const decoded = decode(typeof source === 'string' ? Buffer.from(source, 'utf8') : source, limits);
  if (!decoded.ok) return decoded;
  const problem = scanBounds(decoded.value, limits);
  if (problem) return fail(problem);
  try {
    return ok(new XmlReader(decoded.value).document(scope));
  } catch (error) {
    if (error instanceof Malformed) return fail(`it is not well-formed: ${error.message}`);
    throw error;
  }
}
