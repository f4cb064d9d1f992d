import { maxSecrets, type DownParty, type OAuth2DownParty, type OidcDownParty, type Track } from '@corsac/model';
import { ok } from '@corsac/outcome';
import { z } from 'zod';
import { operation, type Call, type Operation, type Reply } from '../api/operation.js';
import { conflict, notFound, type Answered } from '../api/refusal.js';
import type { TrackEditor } from './edit-track.js';
import { showSecret } from './shown.js';

type Client = OidcDownParty | OAuth2DownParty;

const newSecret = z.strictObject({
  secret: z
    .string()
    .min(16)
    .max(300)
    .optional()
    .describe(
      'The secret, 16 to 300 characters. Left out: Corsac makes one of 43 characters and answers it, this once.',
    ),
});
const shownSecret = z.object({
  id: z.string(),
  info: z.string().describe('Its first three characters, when it is longer than 20.'),
  created_at: z.int().optional(),
});

const clientOf = (track: Track, name: string): Answered<Client> => {
  const party: DownParty | undefined = track.down_parties.find((each) => each.name === name);
  if (!party) return notFound(`down-party ${name}`);
  return party.type === 'oidc' || party.type === 'oauth2'
    ? ok(party)
    : conflict(`A down-party of type ${party.type} has no secrets.`);
};

const withClient = (track: Track, client: object, { name }: Client) => ({
  track: {
    ...track,
    down_parties: track.down_parties.map((each) => (each.name === name ? client : each)) as DownParty[],
  },
  part: { list: 'down_parties', name } as const,
});

export interface SecretParts {
  readonly editor: TrackEditor;
  /** A new secret, 256 random bits as base64url. */
  readonly makeSecret: () => string;
  /** Whether a text is the secret of a fingerprint. */
  readonly isSecretOf: (text: string, fingerprint: string) => boolean;
}

const addSecret = async (
  { editor, makeSecret, isSecretOf }: SecretParts,
  { tenant, track, params, body }: Call<undefined, z.output<typeof newSecret>>,
): Promise<Answered<Reply>> => {
  const name = params['name']!;
  const secret = body.secret ?? makeSecret();
  const edited = await editor.edit(tenant, track, (kept) => {
    const client = clientOf(kept, name);
    if (!client.ok) return client;
    if (client.value.secrets.some(({ fingerprint }) => fingerprint !== undefined && isSecretOf(secret, fingerprint)))
      return conflict('The client has this secret already.');
    if (client.value.secrets.length >= maxSecrets) return conflict(`The client has ${maxSecrets} secrets already.`);
    return ok(withClient(kept, { ...client.value, secrets: [...client.value.secrets, secret] }, client.value));
  });
  if (!edited.ok) return edited;
  const client = clientOf(edited.value.after, name);
  if (!client.ok) return client;
  const made = showSecret(client.value.secrets.at(-1)!);
  const location = `/api/${tenant}/${track}/down_parties/${name}/secrets/${made.id}`;
  const changed = [{ target: `secret ${made.id} of down-party ${name}`, after: made }];
  return ok({ status: 201, location, body: { ...made, ...(body.secret === undefined && { secret }) }, changed });
};

const removeSecret = async (
  { editor }: SecretParts,
  { tenant, track, params }: Call<undefined, undefined>,
): Promise<Answered<Reply>> => {
  const { name = '', id = '' } = params;
  const edited = await editor.edit(tenant, track, (kept) => {
    const client = clientOf(kept, name);
    if (!client.ok) return client;
    const left = client.value.secrets.filter((secret) => secret.id !== id);
    if (left.length === client.value.secrets.length) return notFound(`secret ${id}`);
    return ok(withClient(kept, { ...client.value, secrets: left }, client.value));
  });
  if (!edited.ok) return edited;
  const client = clientOf(edited.value.before, name);
  const gone = client.ok ? client.value.secrets.find((secret) => secret.id === id) : undefined;
  return ok({ changed: [{ target: `secret ${id} of down-party ${name}`, before: gone && showSecret(gone) }] });
};

/** Secrets of clients: only their hashes are kept. */
export const secretOperations = (parts: SecretParts): Operation[] => [
  operation({
    id: 'listSecrets',
    method: 'GET',
    path: '/api/{tenant}/{track}/down_parties/{name}/secrets',
    area: 'party',
    summary: 'The secrets of a client: ids and first characters',
    answer: z.object({ items: z.array(shownSecret) }),
    refusals: [404, 409],
    run: async ({ tenant, track, params }) => {
      const kept = await parts.editor.read(tenant, track);
      if (!kept.ok) return kept;
      const client = clientOf(kept.value, params['name']!);
      return client.ok ? ok({ body: { items: client.value.secrets.map(showSecret) } }) : client;
    },
  }),
  operation({
    id: 'addSecret',
    method: 'POST',
    path: '/api/{tenant}/{track}/down_parties/{name}/secrets',
    area: 'party',
    summary: `Adds a secret to a client; it has at most ${maxSecrets}, and all of them are good`,
    body: newSecret,
    answer: shownSecret.extend({ secret: z.string().optional().describe('Only of one that Corsac has made.') }),
    creates: true,
    refusals: [404, 409, 422],
    run: (call) => addSecret(parts, call),
  }),
  operation({
    id: 'removeSecret',
    method: 'DELETE',
    path: '/api/{tenant}/{track}/down_parties/{name}/secrets/{id}',
    area: 'party',
    summary: 'Takes a secret away: it is good no more, on every replica within seconds',
    refusals: [404, 409, 422],
    run: (call) => removeSecret(parts, call),
  }),
];
