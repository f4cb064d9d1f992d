import type { FastifyInstance } from 'fastify';
import { isTooDeep, type HttpBody } from '../request/body.js';

type Done = (error: Error | null, body?: HttpBody) => void;
type JsonParser = (request: unknown, text: string, done: (error: Error | null, value?: unknown) => void) => void;

const formType = 'application/x-www-form-urlencoded';
const jsonType = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/**
 * Reads bodies without judging them: nothing but the size limit is answered here, the rest is the endpoint's decision
 * in its own error format. A body of an unnamed type is bytes.
 */
export const registerParsers = (fastify: FastifyInstance): void => {
  fastify.removeAllContentTypeParsers();
  // Members called __proto__ or constructor are errors: they would become more than data in a careless copy.
  const parseJson = fastify.getDefaultJsonParser('error', 'error') as unknown as JsonParser;
  fastify.addContentTypeParser(formType, { parseAs: 'string' }, (_request: unknown, text: string, done: Done) =>
    done(null, { kind: 'form', text }),
  );
  fastify.addContentTypeParser(jsonType, { parseAs: 'string' }, (request: unknown, text: string, done: Done) => {
    if (isTooDeep(text)) return done(null, { kind: 'invalid_json' });
    return parseJson(request, text, (error, value) =>
      done(null, error ? { kind: 'invalid_json' } : { kind: 'json', value }),
    );
  });
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (request: unknown, bytes: Buffer, done: Done) => {
    const { headers } = request as { headers: { 'content-type'?: string } };
    done(null, { kind: 'other', content_type: headers['content-type'] ?? '', bytes });
  });
};
