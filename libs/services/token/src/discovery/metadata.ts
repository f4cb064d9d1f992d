import type { TrackView } from '@corsac/config-cache';
import { readyAnswer, type ReadyAnswer } from '@corsac/http';
import { resolveBinding } from '@corsac/model';
import { partyMetadata, trackMetadata } from '@corsac/oidc';
import type { TrackKeys } from '../keys/track-keys.js';
import type { AddressedParty, AddressedTrack } from '../party/addressed-party.js';
import { BoundedMemory } from '../party/bounded-memory.js';
import { reachedAcrValues } from './acr-values.js';

/** Seconds that anybody may keep metadata and keys; every new key is published at least as long before it signs. */
export const cacheLifetime = 3600;

/** Anybody may read these: they hold nothing but what clients and APIs need to know. */
const options = { cache: `public, max-age=${cacheLifetime}`, headers: { 'access-control-allow-origin': '*' } };

/** Languages of the pages, besides those that a track has texts for. */
const pageLanguages = ['en', 'da', 'de', 'fr', 'es'];

/** Answers held at most of each kind, some kilobytes each: what nobody asked for lately is made anew. */
const mostReady = 1_000;

const ofParties = new BoundedMemory<ReadyAnswer | 'no_up_party', AddressedParty>(mostReady);
const ofTracks = new BoundedMemory<ReadyAnswer, TrackView>(mostReady);
const keySets = new BoundedMemory<ReadyAnswer, TrackKeys>(mostReady);

/**
 * The metadata of a party at the address as it was asked, ready to send; made once per address and version of the track while
 * it is asked for.
 * @returns nothing where the address names up-parties of which the party may use none
 */
export const metadataOfParty = (party: AddressedParty): ReadyAnswer | undefined => {
  let ready = ofParties.get(party);
  if (!ready) ofParties.set(party, (ready = makePartyMetadata(party)));
  return ready === 'no_up_party' ? undefined : ready;
};

const makePartyMetadata = ({ client, issuers, view, upParties }: AddressedParty): ReadyAnswer | 'no_up_party' => {
  const bound = resolveBinding(client.allow_up_parties, upParties);
  if (upParties && !bound.ok) return 'no_up_party';
  const acr_values = reachedAcrValues(bound.ok ? bound.value.upParties.map((name) => view.upParty(name)) : []);
  const defaultAlg = view.settings.keys.default_signing_alg;
  const ui_locales = [...new Set([...pageLanguages, ...Object.keys(view.settings.texts)])];
  return readyAnswer(
    JSON.stringify(partyMetadata({ client, issuers, defaultAlg, ui_locales, acr_values })),
    'application/json',
    options,
  );
};

/** The metadata of a track, where an API finds issuer and keys. */
export const metadataOfTrack = ({ view, issuer }: AddressedTrack): ReadyAnswer => {
  let ready = ofTracks.get(view);
  if (!ready) {
    const body = JSON.stringify(trackMetadata(issuer, view.settings.keys.signing_algs));
    ofTracks.set(view, (ready = readyAnswer(body, 'application/json', options)));
  }
  return ready;
};

/**
 * The key set of a track: next, current and previous. One for all its parties and bindings. RFC 7517 5. While keys of a new track
 * are still being made, nobody may keep it.
 */
export const keySetOf = (keys: TrackKeys, { settings }: Pick<TrackView, 'settings'>): ReadyAnswer => {
  const held = keySets.get(keys);
  if (held) return held;
  const isWhole = settings.keys.signing_algs.every((alg) => keys.algs().includes(alg));
  const cache = isWhole ? options.cache : 'no-cache';
  const body = JSON.stringify({ keys: keys.publicKeys() });
  const ready = readyAnswer(body, 'application/jwk-set+json', { ...options, cache });
  if (isWhole) keySets.set(keys, ready);
  return ready;
};
