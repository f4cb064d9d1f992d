import type { XmlLimits } from './limits.js';

const GT = 0x3e;
const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;
const EQUALS = 0x3d;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;

/** What one start tag weighs. */
interface TagSpan {
  readonly end: number;
  readonly attributes: number;
  readonly selfClosing: boolean;
}

/** Walks from the name of a start tag to its '>', stepping over quoted values. */
function spanTag(text: string, start: number): TagSpan | undefined {
  let attributes = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) {
      at = text.indexOf(code === DOUBLE_QUOTE ? '"' : "'", at + 1);
      if (at === -1) return undefined;
    } else if (code === EQUALS) attributes += 1;
    else if (code === GT) return { end: at, attributes, selfClosing: text.charCodeAt(at - 1) === SLASH };
  }
  return undefined;
}

/** The end of a comment or CDATA section; a DOCTYPE or any other declaration has none. */
function endOfBang(text: string, start: number): number | string {
  const isComment = text.startsWith('<!--', start);
  if (!isComment && !text.startsWith('<![CDATA[', start)) return 'it holds a DOCTYPE or another declaration';
  const closing = isComment ? '-->' : ']]>';
  const end = text.indexOf(closing, start + (isComment ? 4 : 9));
  return end === -1 ? 'a comment or CDATA section does not end' : end + closing.length;
}

/**
 * Weighs XML without building anything: each character is looked at once, whatever the input.
 * DOCTYPE (and with it every entity) and processing instructions end it here; the XML declaration was taken off before.
 * @param text the decoded document
 * @param limits what is allowed
 * @returns why the text is refused, or undefined
 */
export function scanBounds(text: string, limits: XmlLimits): string | undefined {
  let depth = 0;
  let elements = 0;
  for (let at = text.indexOf('<'); at !== -1;) {
    const next = text.charCodeAt(at + 1);
    let end: number;
    if (next === BANG) {
      const bang = endOfBang(text, at);
      if (typeof bang === 'string') return bang;
      end = bang;
    } else if (next === QUESTION) return 'it holds a processing instruction';
    else if (next === SLASH) {
      depth -= 1;
      end = at + 2;
    } else {
      const span = spanTag(text, at + 1);
      if (!span) return 'a tag does not end';
      elements += 1;
      if (elements > limits.elements) return `it has more than ${limits.elements} elements`;
      if (span.attributes > limits.attributes) return `an element has more than ${limits.attributes} attributes`;
      if (depth + 1 > limits.depth) return `it is nested deeper than ${limits.depth}`;
      if (!span.selfClosing) depth += 1;
      end = span.end + 1;
    }
    at = text.indexOf('<', end);
  }
  return undefined;
}
