import { formatTrack, mayDo, readRights, type Change, type FileProblem, type RightVerb } from '@corsac/model';
import { ok } from '@corsac/outcome';
import { z } from 'zod';
import { applyDeclarative, type ApplyParts } from '../../apply/apply.js';
import type { AuditedChange } from '../audit/audit-log.js';
import { operation, type Call, type Operation, type Reply } from '../api/operation.js';
import { forbidden, invalid, type Answered } from '../api/refusal.js';
import type { TrackEditor } from '../configuration/edit-track.js';

export interface DeclarativeParts extends ApplyParts {
  readonly editor: TrackEditor;
  /** Told when users may be on their way. */
  readonly onApplied: () => void;
}

const files = z.strictObject({
  files: z
    .array(
      z.strictObject({
        file: z.string().min(1).max(500).describe('What errors call it.'),
        text: z.string().max(500_000).describe('YAML or JSON.'),
      }),
    )
    .min(1)
    .max(500),
  variables: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(10_000))
    .default({})
    .describe('What `${NAME}` stands for in the files: secrets are not written in them.'),
  prune: z
    .boolean()
    .default(false)
    .describe('Removes tracks of the tenant and parties of these tracks that no file has.'),
});

const change = z.object({
  action: z.enum(['create', 'update', 'delete']),
  kind: z.enum(['tenant', 'track', 'settings', 'up_party', 'down_party']),
  track: z.string().optional(),
  name: z.string().optional().describe('Of the party.'),
  fields: z
    .array(
      z.object({
        path: z.array(z.union([z.string(), z.int()])),
        before: z.unknown().optional(),
        after: z.unknown().optional(),
      }),
    )
    .optional()
    .describe('Of an update; secrets are `***`.'),
});
const changes = z.object({ changes: z.array(change) });

const shown = ({ tenant: _tenant, ...rest }: Change) => rest;

const fieldOf = ({ file, line, column, field, message, mend }: FileProblem) => ({
  field: `${file}:${line}:${column}${field === '' ? '' : ` ${field}`}`,
  message,
  ...(mend !== undefined && { mend }),
});

const kinds = { create: 'created', update: 'updated', delete: 'deleted' } as const;

const auditedOf = ({ action, kind, track, name, fields = [] }: Change): AuditedChange => ({
  target: [kind.replace('_', '-'), name ?? track, ...(name !== undefined ? [`of track ${track}`] : [])].join(' '),
  kind: kinds[action],
  fields,
});

const bring = (
  parts: DeclarativeParts,
  { tenant, body }: Call<undefined, z.output<typeof files>>,
  plan_only: boolean,
): Promise<Answered<Reply>> =>
  parts.editor.alone(async () => {
    const { variables: env, prune } = body;
    const applied = await applyDeclarative(parts, body.files, { env, prune, tenant, plan_only });
    if (!applied.ok) return invalid(applied.error.map(fieldOf));
    if (!plan_only) parts.onApplied();
    const reply: Reply = { body: { changes: applied.value.changes.map(shown) } };
    return ok(plan_only ? reply : { ...reply, changed: applied.value.changes.map(auditedOf) });
  });

type Asking = Pick<Call<undefined, z.output<typeof files>>, 'tenant' | 'admin' | 'body'>;

const mayInTenant = ({ tenant, admin }: Asking, verb: RightVerb): boolean => {
  // Files may be about every track, also the one that administers the tenant: a right to some tracks is not enough.
  const wanted = { tenant_is_master: tenant === 'master', area: 'track', verb, track: 'master' } as const;
  return [admin.scopes, admin.roles].every((rights) => {
    const read = readRights(rights);
    return mayDo(read, { ...wanted, area: 'tenant' }) && mayDo(read, wanted) && mayDo(read, { ...wanted, track: '-' });
  });
};
const mayReadAll = (call: Asking): boolean => mayInTenant(call, 'read');
const mayApply = (call: Asking): boolean =>
  (['create', 'update', ...(call.body.prune ? (['delete'] as const) : [])] as const).every((verb) =>
    mayInTenant(call, verb),
  );

const ofWhole = 'It takes the scope and the role corsac:tenant.read.';
const toApply = 'It takes the scope and the role corsac:tenant, or those of its verbs that the application needs.';

const exported = async (
  editor: TrackEditor,
  { tenant, track, admin }: Call<undefined, undefined>,
): Promise<Answered<Reply>> => {
  const wanted = { tenant_is_master: tenant === 'master', area: 'track', verb: 'update', track } as const;
  if (![admin.scopes, admin.roles].every((rights) => mayDo(readRights(rights), wanted)))
    return forbidden('An export holds hashes and sealed secrets: it takes the right to change the track.');
  const kept = await editor.read(tenant, track);
  return kept.ok ? ok({ body: { file: `${track}.yaml`, text: formatTrack(tenant, kept.value) } }) : kept;
};

/** Declarative files over the API: what they would change, changing it, and writing a track back as a file. */
export const declarativeOperations = (parts: DeclarativeParts): Operation[] => [
  operation({
    id: 'planFiles',
    method: 'POST',
    path: '/api/{tenant}/master/plan',
    area: 'tenant',
    verb: 'read',
    summary: 'What declarative files would change, without changing it',
    body: files,
    answer: changes,
    refusals: [422],
    run: (call) => (mayReadAll(call) ? bring(parts, call, true) : Promise.resolve(forbidden(ofWhole))),
  }),
  operation({
    id: 'applyFiles',
    method: 'POST',
    path: '/api/{tenant}/master/apply',
    area: 'tenant',
    verb: 'update',
    summary:
      'Brings the tenant to what declarative files want, all or nothing per track. It also takes the right `.create`, and `.delete` with `prune`',
    body: files,
    answer: changes,
    refusals: [422],
    run: (call) => (mayApply(call) ? bring(parts, call, false) : Promise.resolve(forbidden(toApply))),
  }),
  operation({
    id: 'exportTrack',
    method: 'GET',
    path: '/api/{tenant}/{track}/export',
    area: 'track',
    summary:
      'The track as a declarative file, without users; secrets as hashes, or sealed with the key of this installation',
    answer: z.object({ file: z.string(), text: z.string() }),
    refusals: [404],
    run: (call) => exported(parts.editor, call),
  }),
];
