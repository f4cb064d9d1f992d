import { fieldName } from '@corsac/model';
import { ok } from '@corsac/outcome';
import { z } from 'zod';
import { operation, type Call, type Operation, type Reply } from '../api/operation.js';
import { pageQuery } from '../api/page.js';
import { badRequest, notFound, type Answered } from '../api/refusal.js';
import type { AuditEntry, AuditLog } from './audit-log.js';

export interface AuditOperationParts {
  readonly audit: AuditLog;
  readonly trackExists: (tenant: string, track: string) => Promise<boolean>;
}

const auditQuery = pageQuery.extend({
  sub: z.string().min(1).max(200).optional().describe('Only what this administrator did.'),
});

const change = z.object({
  target: z.string().describe('What was changed: `up-party azure`.'),
  kind: z.enum(['created', 'updated', 'deleted']),
  fields: z
    .array(
      z.object({
        field: z.string().describe('Such as `scopes[0]`; empty when it is the whole.'),
        before: z.unknown().optional().describe('Left out: it was not there.'),
        after: z.unknown().optional().describe('Left out: it is gone.'),
      }),
    )
    .describe('Secrets are `***`.'),
});

const auditEntry = z.object({
  id: z.string(),
  at_ms: z.int().describe('Milliseconds since 1970.'),
  operation: z.string().describe('`operationId` of the call: `putUpParty`.'),
  outcome: z
    .enum(['begun', 'done', 'refused', 'failed'])
    .describe('`begun` stays where a process died before it knew how the call ended: then it may have been done.'),
  detail: z.string().optional().describe('Why it was refused.'),
  actor: z.object({
    sub: z.string(),
    client_id: z.string().describe('The application by which it was done.'),
    name: z.string().optional().describe('Of a person.'),
  }),
  path: z.string().describe('Address that was called.'),
  request_id: z.string().describe('Also in the log lines of the call.'),
  changes: z.array(change),
});

const auditPage = z.object({ items: z.array(auditEntry), next: z.string().optional() });

const shownEntry = ({ tenant: _tenant, track: _track, changes, ...entry }: AuditEntry): z.input<typeof auditEntry> => ({
  ...entry,
  changes: changes.map(({ target, kind, fields }) => ({
    target,
    kind,
    fields: fields.map(({ path, ...values }) => ({ field: fieldName(path), ...values })),
  })),
});

const list = async (
  { audit, trackExists }: AuditOperationParts,
  { tenant, track, query }: Call<z.output<typeof auditQuery>, undefined>,
): Promise<Answered<Reply>> => {
  const { sub, cursor, limit } = query;
  if (cursor !== undefined && !/^\d{1,19}$/.test(cursor))
    return badRequest('The query is not understood.', [
      { field: 'cursor', message: 'must be `next` of the page before' },
    ]);
  const entries = await audit.list({ tenant, track, sub, before: cursor, limit: limit + 1 });
  // What was done to a track that is gone can be read still: its removal stands there.
  if (entries.length === 0 && !(await trackExists(tenant, track)))
    return notFound(`track ${track} in tenant ${tenant}`);
  const items = entries.slice(0, limit);
  return ok({ body: { items: items.map(shownEntry), ...(entries.length > limit && { next: items.at(-1)!.id }) } });
};

/** What can be asked of the audit log. Nobody can change it. */
export const auditOperations = (parts: AuditOperationParts): Operation[] => [
  operation({
    id: 'listAuditEntries',
    method: 'GET',
    path: '/api/{tenant}/{track}/audit',
    area: 'audit',
    summary:
      'Who changed what in the track, newest first. What was done to the tenant itself stands in its track `master`',
    query: auditQuery,
    answer: auditPage,
    refusals: [404],
    run: (call) => list(parts, call),
  }),
];
