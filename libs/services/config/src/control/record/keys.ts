import { readTrackKeys, rotateKeys, type Bus } from '@corsac/contracts';
import { signingAlgs } from '@corsac/jwt';
import { fail, ok } from '@corsac/outcome';
import { z } from 'zod';
import type { Call, Caller, Operation, Reply } from '../api/operation.js';
import { invalid, notFound, type Answered } from '../api/refusal.js';
import { ask } from '../people/asking/ask.js';
import { inTrack, type TrackExists } from '../people/asking/in-track.js';

/** What operations on the record of a track need. */
export interface RecordParts {
  readonly bus: Pick<Bus, 'ask'>;
  readonly trackExists: TrackExists;
}

const all = '/api/{tenant}/{track}/keys';

const rotation = z.strictObject({
  alg: z.enum(signingAlgs).optional().describe('Only the key of this algorithm; left out: all.'),
  at_once: z
    .boolean()
    .describe(
      'true: another key signs from now on, and who checks tokens with a key set that is kept must read it again. false: another key is published now and signs when `publish_before_use` is over.',
    ),
});

const seconds = z.int().describe('Seconds since 1970.');

/** Members of public keys (RFC 7518 6, RFC 8037 2); anything else stays here. */
const publicJwk = z.object({
  kty: z.string(),
  kid: z.string().optional(),
  use: z.string().optional(),
  alg: z.string().optional(),
  n: z.string().optional(),
  e: z.string().optional(),
  crv: z.string().optional(),
  x: z.string().optional(),
  y: z.string().optional(),
});

const shownKey = z.object({
  kid: z.string(),
  alg: z.string(),
  state: z.enum(['next', 'current', 'previous', 'retired']).describe('The `current` one signs.'),
  jwk: publicJwk,
  certificate: z.string().optional().describe('base64 DER; of keys that sign SAML messages.'),
  created: seconds,
  current_from: z.int().optional().describe('Since when it signs, or will. Seconds since 1970.'),
  ends: z.int().optional().describe('Until when it is published. Seconds since 1970.'),
});
type ShownKey = z.output<typeof shownKey>;

const rotated = z.object({ rotated: z.array(z.object({ alg: z.string(), kid: z.string() })) });

const notReady = {
  status: 503 as const,
  title: 'Not available for the moment.',
  detail: 'The keys of the track are being made. Please try again in a moment.',
};

const unsure = {
  status: 503 as const,
  title: 'It is not known whether the keys were rotated.',
  detail: 'The token service gave no answer in time. Look at the keys before you try again.',
};

const read = async ({ bus }: RecordParts, { tenant, track, context }: Caller): Promise<Answered<ShownKey[]>> => {
  const answered = await ask(
    { bus, context },
    readTrackKeys,
    { tenant, track },
    {
      unknown_track: () => notFound(`track ${track} in tenant ${tenant}`),
      key_not_ready: () => fail(notReady),
    },
  );
  return answered.ok ? ok(answered.value.keys.map((key) => shownKey.parse(key))) : answered;
};

/** Which key is what, by algorithm: what a rotation changes. */
const statesOf = (keys: readonly ShownKey[]): object =>
  Object.fromEntries(keys.map(({ kid, alg, state }) => [`${alg} ${kid}`, state]));

const rotate = async (
  parts: RecordParts,
  call: Call<undefined, z.output<typeof rotation>>,
): Promise<Answered<Reply>> => {
  const { tenant, track, context, body } = call;
  const before = await read(parts, call);
  if (!before.ok) return before;
  const isUsed = before.value.some(({ alg, state }) => alg === body.alg && state === 'current');
  if (body.alg !== undefined && !isUsed)
    return invalid([
      {
        field: 'alg',
        message: `the track has no key of ${body.alg}`,
        mend: 'Add it to keys.signing_algs of the track.',
      },
    ]);
  const answered = await ask(
    { bus: parts.bus, context },
    rotateKeys,
    { tenant, track, ...body },
    {
      unknown_track: () => notFound(`track ${track} in tenant ${tenant}`),
    },
  );
  if (!answered.ok) return answered.error.status === 503 ? fail(unsure) : answered;
  const made = answered.value.rotated;
  const after = await read(parts, call);
  const state = body.at_once ? 'current' : 'next';
  const states = after.ok
    ? statesOf(after.value)
    : { ...statesOf(before.value), ...Object.fromEntries(made.map(({ alg, kid }) => [`${alg} ${kid}`, state])) };
  const changed = [{ target: 'signing keys', before: statesOf(before.value), after: states }];
  return ok({ status: 200, body: { rotated: made }, changed });
};

/** Keys that sign for a track. Their private halves never leave the token service. */
export const keyOperations = (parts: RecordParts): Operation[] => {
  const operation = inTrack(parts.trackExists);
  return [
    operation({
      id: 'listKeys',
      method: 'GET',
      path: all,
      area: 'party',
      summary: 'Public halves of the keys of the track: what signs, what will, and what did',
      answer: z.object({ items: z.array(shownKey) }),
      run: async (call) => {
        const keys = await read(parts, call);
        return keys.ok ? ok({ body: { items: keys.value } }) : keys;
      },
    }),
    operation({
      id: 'rotateKeys',
      method: 'POST',
      path: `${all}/rotate`,
      area: 'party',
      verb: 'update',
      summary:
        'Lets another key sign, now or as soon as everybody can know it. Answers the keys that sign now, or next',
      body: rotation,
      answer: rotated,
      refusals: [422],
      run: (call) => rotate(parts, call),
    }),
  ];
};
