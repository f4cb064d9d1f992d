/** How much XML is read at most. Checked on the text in one forward pass, before a tree is built. */
export interface XmlLimits {
  /** UTF-8 bytes. */
  readonly bytes: number;
  /** Elements inside elements. */
  readonly depth: number;
  /** Elements in all. */
  readonly elements: number;
  /** Attributes of one element, namespace declarations counted. */
  readonly attributes: number;
}

/** For requests, responses and assertions. A signed response with a hundred attribute values is about 20 kB. */
export const messageLimits: XmlLimits = { bytes: 256_000, depth: 32, elements: 5_000, attributes: 32 };

/** For the metadata of one party. */
export const metadataLimits: XmlLimits = { bytes: 200_000, depth: 32, elements: 5_000, attributes: 32 };
