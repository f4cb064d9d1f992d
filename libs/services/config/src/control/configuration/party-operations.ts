import { writtenDownPartySchema, writtenUpPartySchema } from '@corsac/model';
import { z } from 'zod';
import { operation, type Operation } from '../api/operation.js';
import { pageShape } from '../api/page.js';
import type { TrackEditor } from './edit-track.js';
import { Parties, partyQuery, partyRenaming } from './parties.js';
import { downPartyKind, upPartyKind } from './party-kinds.js';

const sentParty = z.record(z.string(), z.unknown());

interface Words {
  readonly list: 'up_parties' | 'down_parties';
  readonly id: 'UpParty' | 'DownParty';
  readonly word: string;
  readonly withArticle: string;
  readonly words: string;
  /** What a party looks like; secrets are checked together with those that are kept. */
  readonly shape: z.ZodType;
}

/** The part of `Parties` that operations call. */
type Doing = Pick<Parties<never, never>, 'list' | 'read' | 'create' | 'put' | 'rename' | 'remove'>;

const readings = (parties: Doing, { list, id, word, words, shape }: Words): Operation[] => [
  operation({
    id: `list${id === 'UpParty' ? 'UpParties' : 'DownParties'}`,
    method: 'GET',
    path: `/api/{tenant}/{track}/${list}`,
    area: 'party',
    summary: `The ${words} of a track, in the order of their names`,
    query: partyQuery,
    answer: pageShape(shape),
    refusals: [404],
    run: (call) => parties.list(call),
  }),
  operation({
    id: `read${id}`,
    method: 'GET',
    path: `/api/{tenant}/{track}/${list}/{name}`,
    area: 'party',
    summary: `One ${word}; of secrets only their first characters`,
    answer: shape,
    refusals: [404],
    run: (call) => parties.read(call),
  }),
];

const changes = (parties: Doing, { list, id, word, withArticle, shape }: Words): Operation[] => [
  operation({
    id: `create${id}`,
    method: 'POST',
    path: `/api/{tenant}/{track}/${list}`,
    area: 'party',
    summary: `Makes ${withArticle}`,
    body: sentParty,
    shape,
    answer: shape,
    creates: true,
    refusals: [404, 409, 422],
    run: (call) => parties.create(call),
  }),
  operation({
    id: `put${id}`,
    method: 'PUT',
    path: `/api/{tenant}/{track}/${list}/{name}`,
    area: 'party',
    summary: `Makes the ${word} as it is sent, whole; it is made when it is not there. Secrets that are left out stay`,
    body: sentParty,
    shape,
    answer: shape,
    creates: true,
    refusals: [404, 409, 412, 422],
    run: (call) => parties.put(call),
  }),
  operation({
    id: `rename${id}`,
    method: 'POST',
    path: `/api/{tenant}/{track}/${list}/{name}/rename`,
    area: 'party',
    verb: 'update',
    summary: `Gives the ${word} another name; what refers to it within the track follows`,
    body: partyRenaming,
    answer: shape,
    refusals: [404, 409, 412, 422],
    run: (call) => parties.rename(call),
  }),
  operation({
    id: `remove${id}`,
    method: 'DELETE',
    path: `/api/{tenant}/{track}/${list}/{name}`,
    area: 'party',
    summary: `Removes the ${word}`,
    refusals: [404, 409, 412, 422],
    run: (call) => parties.remove(call),
  }),
];

/** Operations on the parties of a track. */
export const partyOperations = (editor: TrackEditor): Operation[] => {
  const ups = new Parties(upPartyKind, editor);
  const downs = new Parties(downPartyKind, editor);
  const up: Words = {
    list: 'up_parties',
    id: 'UpParty',
    word: 'up-party',
    withArticle: 'an up-party',
    words: 'up-parties',
    shape: writtenUpPartySchema,
  };
  const down: Words = {
    list: 'down_parties',
    id: 'DownParty',
    word: 'down-party',
    withArticle: 'a down-party',
    words: 'down-parties',
    shape: writtenDownPartySchema,
  };
  return [...readings(ups, up), ...changes(ups, up), ...readings(downs, down), ...changes(downs, down)];
};
