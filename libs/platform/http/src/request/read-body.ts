import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { isTooDeep, noBody, type HttpBody } from './body.js';

/** Why a body is not read: the status to answer with. */
export type RefusedBody = 400 | 413 | 415;

const formType = 'application/x-www-form-urlencoded';
/** RFC 9110 8.3.1 */
const mediaType = /^\s*([\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+)\s*(?:;|$)/;
const jsonType = /^application\/(?:[\w.-]+\+)?json$/;

type Reader = (bytes: Buffer, contentType: string) => HttpBody | RefusedBody;

/** Members called __proto__ or constructor would become more than data in a careless copy. */
const replacesPrototype = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const { constructor } = value;
  if (Object.hasOwn(value, '__proto__')) return true;
  if (Object.hasOwn(value, 'constructor') && typeof constructor === 'object' && Object.hasOwn(constructor, 'prototype'))
    return true;
  return Object.values(value).some(replacesPrototype);
};

const readForm: Reader = (bytes) => (isUtf8(bytes) ? { kind: 'form', text: bytes.toString() } : 400);

const readJson: Reader = (bytes) => {
  if (!isUtf8(bytes)) return 400;
  const text = bytes.toString();
  if (isTooDeep(text)) return { kind: 'invalid_json' };
  try {
    const value: unknown = JSON.parse(text);
    return replacesPrototype(value) ? { kind: 'invalid_json' } : { kind: 'json', value };
  } catch {
    return { kind: 'invalid_json' };
  }
};

const readOther: Reader = (bytes, content_type) => ({ kind: 'other', content_type, bytes });

/** A body of an unnamed type is bytes; one whose type cannot be read is refused. */
const readerOf = (contentType: string | undefined): Reader | undefined => {
  if (contentType === formType) return readForm;
  if (contentType === undefined) return readOther;
  const type = mediaType.exec(contentType)?.[1]?.toLowerCase();
  if (type === undefined) return undefined;
  if (type === formType) return readForm;
  return jsonType.test(type) ? readJson : readOther;
};

const bytesOf = (request: IncomingMessage, limit: number): Promise<Buffer | RefusedBody> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) resolve(413);
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    request.on('error', () => resolve(400));
  });

/**
 * Reads a body without judging it: nothing but its size, a type that is none and text that is no UTF-8 is refused here; the rest
 * is the endpoint's decision in its own error format.
 * @param limit bytes
 */
export const readBody = async (request: IncomingMessage, limit: number): Promise<HttpBody | RefusedBody> => {
  const { 'content-type': contentType, 'content-length': length, 'transfer-encoding': coding } = request.headers;
  if (contentType === undefined && coding === undefined && (length === undefined || length === '0')) return noBody;
  const read = readerOf(contentType);
  if (!read) return 415;
  if (Number(length) > limit) return 413;
  const bytes = await bytesOf(request, limit);
  return typeof bytes === 'number' ? bytes : read(bytes, contentType ?? '');
};
