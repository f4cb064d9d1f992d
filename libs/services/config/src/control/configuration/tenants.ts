import {
  isReservedName,
  masterName,
  nameSchema,
  tenantSchema,
  parseTrackSettings,
  parseUser,
  writtenUpPartySchema,
  type Tenant,
  type WrittenUser,
} from '@corsac/model';
import { ok } from '@corsac/outcome';
import { z } from 'zod';
import { operation, type Call, type Operation, type Reply } from '../api/operation.js';
import { pageOf, pageQuery, pageShape } from '../api/page.js';
import { checkPrecondition } from '../api/precondition.js';
import { conflict, fieldErrorsOf, forbidden, invalid, notFound, type Answered } from '../api/refusal.js';
import { mayCreate } from '../access/may-create.js';
import { noUsers, type EditorParts, type TrackEditor } from './edit-track.js';

const head = {
  display_name: z.string().min(1).max(100).optional(),
  note: z.string().max(200).optional(),
};
const sentHead = z.strictObject({ name: z.string().optional().describe('As in the address.'), ...head });
const sentTenant = sentHead.extend({
  administrator: z
    .strictObject({ email: z.string(), password: z.string() })
    .optional()
    .describe('The first administrator, for a new tenant: a user of its track `master` with the role `corsac:tenant`.'),
});
type SentTenant = z.output<typeof sentTenant>;

interface Parts {
  readonly editor: TrackEditor;
  readonly secrets: EditorParts['secrets'];
}

const find = async ({ editor }: Parts, name: string): Promise<Tenant | undefined> =>
  (await editor.store.tenants()).find((tenant) => tenant.name === name);

const asSent = (name: string, { display_name, note }: Pick<SentTenant, 'display_name' | 'note'>): Tenant =>
  tenantSchema.parse({
    name,
    ...(display_name !== undefined && { display_name }),
    ...(note !== undefined && { note }),
  });

const otherName = (name: string, sent: { name?: string }) =>
  sent.name !== undefined && sent.name !== name
    ? invalid([{ field: 'name', message: `must be ${name}, as in the address`, mend: 'Leave it out.' }])
    : undefined;

const administratorOf = ({ administrator }: SentTenant): Answered<WrittenUser> => {
  if (!administrator)
    return invalid([
      { field: 'administrator', message: 'is needed for a new tenant', mend: 'Send email and password.' },
    ]);
  const user = parseUser({ ...administrator, email_verified: true, roles: ['corsac:tenant'] });
  if (user.ok) return user;
  return invalid(fieldErrorsOf(user.error.map(({ path, ...rest }) => ({ ...rest, path: ['administrator', ...path] }))));
};

/** A new tenant has a track `master` with a login and its first administrator. */
const create = async ({ editor, secrets }: Parts, tenant: Tenant, sent: SentTenant): Promise<Answered<true>> => {
  const user = administratorOf(sent);
  if (!user.ok) return user;
  const settings = parseTrackSettings({});
  if (!settings.ok) throw new Error('the default settings of a track are not valid');
  const users = { ...noUsers, users: [await secrets().user(user.value)] };
  const login = writtenUpPartySchema.parse({ type: 'login', name: 'login', enable_create_user: false });
  const track = { name: masterName, settings: settings.value, up_parties: [login], down_parties: [] };
  await editor.store.putTenant(tenant);
  const written = await editor.write(tenant.name, { track }, undefined, users);
  return written.ok ? ok(true) : written;
};

const put = (parts: Parts, call: Call<undefined, SentTenant>): Promise<Answered<Reply>> =>
  parts.editor.alone(async () => {
    const name = call.params['name']!;
    const { body, headers } = call;
    const wrong = otherName(name, body);
    if (wrong) return wrong;
    const before = await find(parts, name);
    const stale = checkPrecondition(headers, before);
    if (stale) return { ok: false, error: stale };
    if (before && body.administrator)
      return invalid([
        { field: 'administrator', message: 'is only for a new tenant', mend: 'Make users in its track master.' },
      ]);
    if (!before && !mayCreate(call, 'installation'))
      return forbidden('To make a tenant takes the right corsac:master.create.');
    if (!before && (!nameSchema.safeParse(name).success || isReservedName(name)))
      return invalid([{ field: 'name', message: 'must be 1 to 50 of a-z, 0-9, _ and -, and no reserved word' }]);
    const after = asSent(name, body);
    if (before) await parts.editor.store.putTenant(after);
    else {
      const made = await create(parts, after, body);
      if (!made.ok) return made;
    }
    const changed = [{ target: `tenant ${name}`, ...(before && { before }), after }];
    const location = `/api/master/master/tenants/${name}`;
    return ok({ body: after, tagged: true, changed, ...(!before && { status: 201 as const, location }) });
  });

const remove = (parts: Parts, { params, headers }: Call<undefined, undefined>): Promise<Answered<Reply>> =>
  parts.editor.alone(async () => {
    const name = params['name']!;
    if (name === masterName)
      return conflict('The tenant master cannot be removed.', 'It administers the installation.');
    const before = await find(parts, name);
    if (!before) return notFound(`tenant ${name}`);
    const stale = checkPrecondition(headers, before);
    if (stale) return { ok: false, error: stale };
    await parts.editor.remove(name, await parts.editor.store.tracksOf(name));
    await parts.editor.store.removeTenant(name);
    return ok({ changed: [{ target: `tenant ${name}`, before }] });
  });

const putOwn = (
  parts: Parts,
  { tenant, body, headers }: Call<undefined, z.output<typeof sentHead>>,
): Promise<Answered<Reply>> =>
  parts.editor.alone(async () => {
    const wrong = otherName(tenant, body);
    if (wrong) return wrong;
    const before = await find(parts, tenant);
    if (!before) return notFound(`tenant ${tenant}`);
    const stale = checkPrecondition(headers, before);
    if (stale) return { ok: false, error: stale };
    const after = asSent(tenant, body);
    await parts.editor.store.putTenant(after);
    return ok({ body: after, tagged: true, changed: [{ target: `tenant ${tenant}`, before, after }] });
  });

const installationOperations = (parts: Parts): Operation[] => [
  operation({
    id: 'listTenants',
    method: 'GET',
    path: '/api/master/master/tenants',
    area: 'installation',
    summary: 'The tenants of the installation, in the order of their names',
    query: pageQuery,
    answer: pageShape(tenantSchema),
    run: async ({ query }) =>
      ok({
        body: pageOf(
          await parts.editor.store.tenants(),
          query,
          ({ name }) => name,
          (tenant) => tenant,
        ),
      }),
  }),
  operation({
    id: 'readTenantOfInstallation',
    method: 'GET',
    path: '/api/master/master/tenants/{name}',
    area: 'installation',
    summary: 'One tenant',
    answer: tenantSchema,
    refusals: [404],
    run: async ({ params }) => {
      const tenant = await find(parts, params['name']!);
      return tenant ? ok({ body: tenant, tagged: true }) : notFound(`tenant ${params['name']!}`);
    },
  }),
  operation({
    id: 'putTenantOfInstallation',
    method: 'PUT',
    path: '/api/master/master/tenants/{name}',
    area: 'installation',
    summary:
      'Makes a tenant, or changes what it is called. A new one has a track `master` with its first administrator',
    body: sentTenant,
    answer: tenantSchema,
    creates: true,
    refusals: [409, 412, 422],
    run: (call) => put(parts, call),
  }),
  operation({
    id: 'removeTenant',
    method: 'DELETE',
    path: '/api/master/master/tenants/{name}',
    area: 'installation',
    summary: 'Removes a tenant with all its tracks',
    refusals: [404, 409, 412],
    run: (call) => remove(parts, call),
  }),
];

/** Operations on tenants: of all for the installation's administrators, of one's own for a tenant's. */
export const tenantOperations = (parts: Parts): Operation[] => [
  ...installationOperations(parts),
  operation({
    id: 'putTenant',
    method: 'PUT',
    path: '/api/{tenant}',
    area: 'tenant',
    summary: 'Changes what the tenant is called',
    body: sentHead,
    answer: tenantSchema,
    refusals: [404, 409, 412, 422],
    run: (call) => putOwn(parts, call),
  }),
];
