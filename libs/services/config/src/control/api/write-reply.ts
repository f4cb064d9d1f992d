import { sendBody, sendNothing, type HttpAnswer } from '@corsac/http';
import type { Reply } from './operation.js';
import { tagOf } from './precondition.js';
import type { Refusal } from './refusal.js';

/** An operation's reply as an HTTP answer. */
export const writeReply = ({ status, body, tagged, location }: Reply): HttpAnswer => {
  const headers = {
    ...(tagged && body !== undefined && { etag: tagOf(body) }),
    ...(location !== undefined && { location }),
  };
  if (body === undefined) return sendNothing({ status: status ?? 204, headers });
  return sendBody(JSON.stringify(body), 'application/json; charset=utf-8', { status: status ?? 200, headers });
};

/** Problem details, RFC 9457 3. */
export const writeRefusal = (refusal: Refusal, request_id: string): HttpAnswer => {
  const { status, title, detail, errors, allow, challenge } = refusal;
  const body = { type: 'about:blank', title, status, ...(detail && { detail }), ...(errors && { errors }), request_id };
  return sendBody(JSON.stringify(body), 'application/problem+json; charset=utf-8', {
    status,
    headers: {
      ...(allow && { allow: allow.join(', ') }),
      ...(challenge && { 'www-authenticate': challenge }),
      ...(status === 503 && { 'retry-after': '2' }),
    },
  });
};
