import type { MessageContext } from '@corsac/contracts';
import { problemsOf, type RightArea, type RightVerb } from '@corsac/model';
import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Administrator } from '../access/administrator.js';
import type { AuditedChange } from '../audit/audit-log.js';
import { badRequest, fieldErrorsOf, invalid, type Answered } from './refusal.js';

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

/** Where and by whom an operation is called. */
export interface Caller {
  readonly tenant: string;
  /** `master` where the address names no track. */
  readonly track: string;
  readonly params: Readonly<Record<string, string>>;
  readonly admin: Administrator;
  /** Goes along with every question to another service. */
  readonly context: MessageContext;
  /** Only what it asks of conditions is read (RFC 9110 13.1). */
  readonly headers: IncomingHttpHeaders;
}

export interface Call<Query, Body> extends Caller {
  readonly query: Query;
  readonly body: Body;
}

/** What a call has changed, for the audit log. Secrets in it are masked there. */
export interface Changed {
  /** As people name it: `up-party azure`. */
  readonly target: string;
  /** Left out: it was not there. */
  readonly before?: unknown;
  /** Left out: it is gone. */
  readonly after?: unknown;
}

export interface Reply {
  /** 200 with a body, 204 without, unless said. */
  readonly status?: 200 | 201;
  readonly body?: unknown;
  /** Whether the body is one thing that can be changed: then its entity tag goes along. */
  readonly tagged?: boolean;
  /** Path of what was made, with 201. */
  readonly location?: string;
  /** Things as they were and are, or what of them differs where that is known already. */
  readonly changed?: readonly (Changed | AuditedChange)[];
}

interface Described {
  /** Name in the OpenAPI document: `listUsers`. */
  readonly id: string;
  readonly method: Method;
  /** Such as `/api/{tenant}/{track}/users/{user_id}`. */
  readonly path: string;
  /** What of an installation it is about; whoever calls it needs a right to that. */
  readonly area: RightArea;
  /** What the caller must be allowed to do, where the method does not say it: a POST that only looks, or changes what is there. */
  readonly verb?: RightVerb;
  readonly summary: string;
  /** What a call may be refused with beside what every call may be (400, 401, 403, 503). */
  readonly refusals?: readonly (404 | 409 | 412 | 422)[];
  /** Shape of the body of the answer. */
  readonly answer?: z.ZodType;
  /** What the body looks like, where it is checked together with what is kept and `body` says little. */
  readonly shape?: z.ZodType;
  /** Whether a call makes a thing: it answers 201 with `location`. */
  readonly creates?: boolean;
  /** Who may read any track of the tenant may call it, and is shown only what is of those tracks. */
  readonly ofAnyTrack?: boolean;
}

/** An operation as somebody writes it. */
export interface Written<Query extends z.ZodType, Body extends z.ZodType> extends Described {
  readonly query?: Query;
  readonly body?: Body;
  run(call: Call<z.output<Query>, z.output<Body>>): Promise<Answered<Reply>>;
}

/** What comes with a call, unchecked. */
export interface Sent {
  readonly query: Readonly<Record<string, string>>;
  /** Undefined when nothing was sent. */
  readonly body: unknown;
}

/** An operation of the Control API: all that serving, describing and documenting it needs. */
export interface Operation extends Described {
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Checks what was sent, then does it. */
  call(caller: Caller, sent: Sent): Promise<Answered<Reply>>;
}

/** Makes an operation whose query and body are checked before anything is done; a query member that it does not know is refused. */
export const operation = <Query extends z.ZodType = z.ZodUndefined, Body extends z.ZodType = z.ZodUndefined>({
  run,
  ...described
}: Written<Query, Body>): Operation => ({
  ...described,
  call: async (caller, sent) => {
    const query = described.query?.safeParse(sent.query);
    if (query ? !query.success : Object.keys(sent.query).length > 0) {
      const errors = query?.error ? fieldErrorsOf(problemsOf(query.error)) : unknownMembers(sent.query);
      return badRequest('The query is not understood.', errors);
    }
    if (!described.body && sent.body !== undefined) return badRequest('This address takes no body.');
    const body = described.body?.safeParse(sent.body);
    if (body && !body.success) return invalid(fieldErrorsOf(problemsOf(body.error)));
    return run({ ...caller, query: query?.data as z.output<Query>, body: body?.data as z.output<Body> });
  },
});

const unknownMembers = (query: Sent['query']) =>
  Object.keys(query).map((field) => ({ field, message: 'is not known here', mend: 'Leave it out.' }));
