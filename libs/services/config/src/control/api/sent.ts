import type { HttpRequest } from '@corsac/http';
import { ok } from '@corsac/outcome';
import type { Sent } from './operation.js';
import { badRequest, type Answered, type Refusal } from './refusal.js';

const notJson: Refusal = {
  status: 415,
  title: 'The body is not JSON.',
  detail: 'Send it with Content-Type: application/json.',
};

const bodyOf = ({ content }: Pick<HttpRequest, 'content'>): Answered<unknown> => {
  switch (content.kind) {
    case 'none':
      return ok(undefined);
    case 'json':
      return ok(content.value);
    case 'invalid_json':
      return badRequest('The body cannot be read as JSON.');
    case 'form':
    case 'other':
      return { ok: false, error: notJson };
  }
};

/** Query and body of a request, unchecked. A query member that comes twice is refused: nobody could say which one counts. */
export const sentWith = (request: Pick<HttpRequest, 'rawQuery' | 'content'>): Answered<Sent> => {
  const query: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of new URLSearchParams(request.rawQuery)) {
    if (name in query)
      return badRequest('The query is not understood.', [{ field: name.slice(0, 100), message: 'is there twice' }]);
    query[name] = value;
  }
  const body = bodyOf(request);
  return body.ok ? ok({ query: { ...query }, body: body.value }) : body;
};
