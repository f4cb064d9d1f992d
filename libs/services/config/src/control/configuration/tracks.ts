import {
  isReservedName,
  masterName,
  mayReadTrack,
  parseTrackSettings,
  readRights,
  tenantSchema,
  writtenTrackSettingsSchema,
  writtenUpPartySchema,
  type Problem,
  type Track,
} from '@corsac/model';
import { ok, type Outcome } from '@corsac/outcome';
import { z } from 'zod';
import { mayCreate } from '../access/may-create.js';
import { operation, type Call, type Operation, type Reply } from '../api/operation.js';
import { pageOf, pageQuery, pageShape } from '../api/page.js';
import { checkPrecondition } from '../api/precondition.js';
import { conflict, fieldErrorsOf, forbidden, invalid, notFound, type Answered } from '../api/refusal.js';
import { withoutEffect, type Edited, type TrackEditor } from './edit-track.js';
import { sealedSecretOf } from './party-kinds.js';
import { showTrack } from './shown.js';

const sentTrack = z.strictObject({
  name: z.string().optional().describe('As in the address.'),
  display_name: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('What people call it. For administrators; pages do not show it.'),
  note: z.string().max(200).optional().describe('For administrators; nothing reads it.'),
  settings: z.record(z.string(), z.unknown()).default({}).describe('Those that are left out have their defaults.'),
});
type SentTrack = z.output<typeof sentTrack>;

const shape = sentTrack.extend({ settings: writtenTrackSettingsSchema.prefault({}) });
const tenantWithTracks = tenantSchema.extend({
  tracks: pageShape(z.object({ name: z.string(), display_name: z.string().optional() })),
});

/** The settings as sent, with the kept password of the mail server where what stands for it was sent. */
const withMailSecret = (
  sent: SentTrack['settings'],
  kept: Track | undefined,
): Outcome<SentTrack['settings'], Problem[]> => {
  const { mail } = sent;
  if (typeof mail !== 'object' || mail === null || Array.isArray(mail)) return ok(sent);
  const { smtp_password, ...rest } = mail as Record<string, unknown>;
  const secret = sealedSecretOf(smtp_password, kept?.settings.mail?.smtp_password, 'smtp_password');
  if (!secret.ok)
    return { ok: false, error: secret.error.map(({ path, ...each }) => ({ ...each, path: ['mail', ...path] })) };
  return ok({ ...sent, mail: secret.value === undefined ? rest : { ...rest, smtp_password: secret.value } });
};

/** A track as it was sent; a new one begins with the up-party `login`, so that its applications have somebody to sign in. */
const editedTrack = (name: string, sent: SentTrack, kept: Track | undefined): Answered<Edited> => {
  if (sent.name !== undefined && sent.name !== name)
    return invalid([{ field: 'name', message: `must be ${name}, as in the address`, mend: 'Leave it out.' }]);
  const idle = withoutEffect(sent.settings, 'settings');
  const under = (problems: readonly Problem[]) =>
    invalid(fieldErrorsOf(problems.map(({ path, ...rest }) => ({ ...rest, path: ['settings', ...path] }))));
  if (idle.length > 0) return under(idle);
  const filled = withMailSecret(sent.settings, kept);
  if (!filled.ok) return under(filled.error);
  const settings = parseTrackSettings(filled.value);
  if (!settings.ok) return under(settings.error);
  const { display_name, note } = sent;
  const parties = kept ?? {
    up_parties: [writtenUpPartySchema.parse({ type: 'login', name: 'login' })],
    down_parties: [],
  };
  const { up_parties, down_parties } = parties;
  return ok({
    track: { name, display_name, note, settings: settings.value, up_parties, down_parties },
    part: { list: 'settings' },
  });
};

const putTrack = async (editor: TrackEditor, call: Call<undefined, SentTrack>): Promise<Answered<Reply>> => {
  const { tenant, track: name, body, headers } = call;
  return editor.alone(async () => {
    const kept = (await editor.store.read(tenant, name))?.track;
    const stale = checkPrecondition(headers, kept && showTrack(kept));
    if (stale) return { ok: false, error: stale };
    if (!kept && isReservedName(name))
      return invalid([{ field: 'name', message: `${name} is a reserved word`, mend: 'Choose another name.' }]);
    if (!kept && !mayCreate(call, 'track')) return forbidden('To make a track takes a right that covers `create`.');
    if (!kept && !(await editor.store.tenants()).some((each) => each.name === tenant))
      return notFound(`tenant ${tenant}`);
    const edited = editedTrack(name, body, kept);
    if (!edited.ok) return edited;
    const written = await editor.write(tenant, edited.value, kept);
    if (!written.ok) return written;
    const after = showTrack(written.value);
    const changed = [{ target: `track ${name}`, ...(kept && { before: showTrack(kept) }), after }];
    return ok({
      body: after,
      tagged: true,
      changed,
      ...(!kept && { status: 201 as const, location: `/api/${tenant}/${name}` }),
    });
  });
};

const removeTrack = (
  editor: TrackEditor,
  { tenant, track, headers }: Call<undefined, undefined>,
): Promise<Answered<Reply>> =>
  editor.alone(async () => {
    if (track === masterName)
      return conflict('The track master cannot be removed.', 'Its users administer the tenant.');
    const kept = await editor.read(tenant, track);
    if (!kept.ok) return kept;
    const before = showTrack(kept.value);
    const stale = checkPrecondition(headers, before);
    if (stale) return { ok: false, error: stale };
    await editor.remove(tenant, [track]);
    return ok({ changed: [{ target: `track ${track}`, before }] });
  });

/** The tenant and those of its tracks that the caller may read something of. */
const readTenant = async (
  editor: TrackEditor,
  { tenant, admin, query }: Call<z.output<typeof pageQuery>, undefined>,
): Promise<Answered<Reply>> => {
  const [scopes, roles] = [readRights(admin.scopes), readRights(admin.roles)];
  const head = (await editor.store.tenants()).find(({ name }) => name === tenant);
  if (!head) return notFound(`tenant ${tenant}`);
  const names = (await editor.store.tracksOf(tenant)).filter(
    (track) => mayReadTrack(scopes, track) && mayReadTrack(roles, track),
  );
  if (names.length === 0) return forbidden('No track of this tenant may be read with this token.');
  const { items, next } = pageOf(
    names,
    query,
    (name) => name,
    (name) => ({ name }),
  );
  const page = items.map(({ name }: { name?: string }) => name!);
  const kept = await editor.store.readAll(tenant, page);
  const tracks = page.map((name) => ({ name, display_name: kept.get(name)?.track.display_name }));
  return ok({ body: { ...head, tracks: { items: tracks, ...(next !== undefined && { next }) } } });
};

/** Operations on tracks by themselves. */
export const trackOperations = (editor: TrackEditor): Operation[] => [
  operation({
    id: 'readTenant',
    method: 'GET',
    path: '/api/{tenant}',
    area: 'tenant',
    ofAnyTrack: true,
    summary: 'The tenant, with the tracks of which the caller may read something',
    query: pageQuery,
    answer: tenantWithTracks,
    refusals: [404],
    run: (call) => readTenant(editor, call),
  }),
  operation({
    id: 'readTrack',
    method: 'GET',
    path: '/api/{tenant}/{track}',
    area: 'track',
    summary: 'A track and its settings, without its parties',
    answer: shape,
    refusals: [404],
    run: async ({ tenant, track }) => {
      const kept = await editor.read(tenant, track);
      return kept.ok ? ok({ body: showTrack(kept.value), tagged: true }) : kept;
    },
  }),
  operation({
    id: 'putTrack',
    method: 'PUT',
    path: '/api/{tenant}/{track}',
    area: 'track',
    summary: 'Makes the track as it is sent; a new one begins with the up-party `login`. Its parties stay',
    body: sentTrack,
    shape,
    answer: shape,
    creates: true,
    refusals: [404, 409, 412, 422],
    run: (call) => putTrack(editor, call),
  }),
  operation({
    id: 'removeTrack',
    method: 'DELETE',
    path: '/api/{tenant}/{track}',
    area: 'track',
    summary: 'Removes the track with all that it holds: parties, users, keys, sessions',
    refusals: [404, 409, 412],
    run: (call) => removeTrack(editor, call),
  }),
];
