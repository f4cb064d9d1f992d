import type { JsonSchema } from './json-schemas.js';

/** The body of every refusal, RFC 9457 3. */
export const problemSchema: JsonSchema = {
  type: 'object',
  description: 'Why a call was not carried out. RFC 9457.',
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'Always `about:blank`: `status` says all.' },
    title: { type: 'string', description: 'What is wrong, in one sentence.' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'More about it.' },
    errors: {
      type: 'array',
      description: 'The fields that are wrong.',
      items: {
        type: 'object',
        properties: {
          field: {
            type: 'string',
            description: 'As it was sent: `redirect_uris[0]`; empty when it is about the whole.',
          },
          message: { type: 'string' },
          mend: { type: 'string', description: 'What to do about it.' },
        },
        required: ['field', 'message'],
      },
    },
    request_id: { type: 'string', description: 'Also in the log lines of the call.' },
  },
  required: ['type', 'title', 'status', 'request_id'],
};
