import { fail, ok, type Outcome } from '@corsac/outcome';
import type { ConfigCache, TrackView } from '@corsac/config-cache';
import { parsePartyPath, partyIssuer, trackIssuer, type OAuth2DownParty, type OidcDownParty } from '@corsac/model';
import { haveOneProvider, type Issuers } from '@corsac/oauth';
import type { TrackName } from '../keys/key-store.js';
import { BoundedMemory } from './bounded-memory.js';

/** A down-party that speaks OAuth. */
export type OAuthParty = OidcDownParty | OAuth2DownParty;

/** The party that a request's address names, with the issuers that follow from how it was named. */
export interface AddressedParty {
  readonly name: TrackName;
  readonly view: TrackView;
  readonly client: OAuthParty;
  readonly issuers: Issuers;
  /** Up-parties of the address; undefined without binding. */
  readonly upParties?: readonly string[];
}

/** A track that an address names. */
export interface AddressedTrack {
  readonly name: TrackName;
  readonly view: TrackView;
  readonly issuer: string;
}

export type AddressMiss = 'not_found' | 'unavailable';

/** At once where it can be, so that hot paths need not wait. */
export type Found<T> = Outcome<T, AddressMiss> | Promise<Outcome<T, AddressMiss>>;

const addresses = Symbol('addresses of parties');
/** Ways to write a party with a binding are many, and anybody may try them all. */
const mostAddresses = 2_000;

/** Finds tracks and parties by the segments of an address, decoded once. Names compare exactly. */
export class Addresses {
  constructor(
    private readonly config: Pick<ConfigCache, 'track' | 'trackNow'>,
    private readonly base: string,
  ) {}

  /** The track; at once when it is in memory. */
  track({ tenant = '', track = '' }: Readonly<Record<string, string>>): Found<AddressedTrack> {
    const view = this.config.trackNow(tenant, track);
    return view ? ok(this.trackOf(view)) : this.readTrack(tenant, track);
  }

  /** Whether this is still what is known of the track. */
  isCurrent(view: TrackView): boolean {
    return this.config.trackNow(view.tenant, view.track) === view;
  }

  /** The party; at once when its track is in memory. */
  party({ tenant = '', track = '', party = '' }: Readonly<Record<string, string>>): Found<AddressedParty> {
    const view = this.config.trackNow(tenant, track);
    return view ? this.partyOf(view, party) : this.readParty(tenant, track, party);
  }

  /**
   * The client that a request at a party's address comes from: another one of the track where both know the track as their provider,
   * else the party itself. The address stays the one that was asked.
   */
  ofProvider(party: AddressedParty, client_id: string | undefined): AddressedParty {
    if (client_id === undefined || client_id === party.client.name) return party;
    const client = party.view.downParty(client_id);
    const isOAuth = client?.type === 'oidc' || client?.type === 'oauth2';
    return isOAuth && haveOneProvider(party.client, client) ? { ...party, client } : party;
  }

  private async readTrack(tenant: string, track: string): Promise<Outcome<AddressedTrack, AddressMiss>> {
    const read = await this.config.track(tenant, track);
    return read.ok ? ok(this.trackOf(read.value)) : read;
  }

  private async readParty(tenant: string, track: string, party: string): Promise<Outcome<AddressedParty, AddressMiss>> {
    const read = await this.config.track(tenant, track);
    return read.ok ? this.partyOf(read.value, party) : read;
  }

  private trackOf(view: TrackView): AddressedTrack {
    const name = { tenant: view.tenant, track: view.track };
    return { name, view, issuer: trackIssuer({ base: this.base, ...name }) };
  }

  private partyOf(view: TrackView, segment: string): Outcome<AddressedParty, AddressMiss> {
    const known = view.memo(addresses, () => new BoundedMemory<Outcome<AddressedParty, AddressMiss>>(mostAddresses));
    let found = known.get(segment);
    if (!found) known.set(segment, (found = this.resolve(view, segment)));
    return found;
  }

  private resolve(view: TrackView, segment: string): Outcome<AddressedParty, AddressMiss> {
    const path = parsePartyPath(segment);
    if (!path.ok || path.value.party === undefined) return fail('not_found');
    const client = view.downParty(path.value.party);
    if (client?.type !== 'oidc' && client?.type !== 'oauth2') return fail('not_found');
    const { name, issuer } = this.trackOf(view);
    const { upParties, style } = path.value;
    const party = partyIssuer({ base: this.base, ...name, party: client.name, upParties, style });
    return ok({ name, view, client, issuers: { party, track: issuer }, ...(upParties && { upParties }) });
  }
}
