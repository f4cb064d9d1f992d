import type { GrantType, ResponseType } from '@corsac/oauth';
import { z } from 'zod';
import { secretInputSchema, storedSecretSchema } from '../secrets/secret.js';
import type { ClientScope, ResourceScope } from './down/client.js';
import { oauth2DownParty } from './down/oauth2.js';
import { oidcDownParty } from './down/oidc.js';
import { saml2DownParty } from './down/saml2.js';
import { trackLinkDownParty } from './down/track-link.js';

const downPartyWith = <Secret extends z.ZodType>(secret: Secret) =>
  z.discriminatedUnion('type', [oidcDownParty(secret), oauth2DownParty(secret), saml2DownParty, trackLinkDownParty]);

/** A down-party as somebody writes it. Its secrets are text or hashes. */
export const writtenDownPartySchema = downPartyWith(secretInputSchema);

/** A down-party as it is kept, with hashed secrets, before `completeDownParty` filled in what follows from other settings. */
export const storedDownPartySchema = downPartyWith(storedSecretSchema);

/** What may be written: defaults may be left out. */
export type DownPartyInput = z.input<typeof writtenDownPartySchema>;

/** As kept and as written, before `completeDownParty`. */
export type ParsedDownParty = z.output<typeof storedDownPartySchema>;
export type ParsedWrittenDownParty = z.output<typeof writtenDownPartySchema>;

/** Settings whose default follows from others; `completeDownParty` fills them in. */
interface Completed {
  response_types: ResponseType[];
  grant_types: GrantType[];
  resource_scopes: ResourceScope[];
  scopes: ClientScope[];
}

type Complete<T> = T extends { type: 'oidc' | 'oauth2' } ? Omit<T, keyof Completed> & Completed : T;

/** Complete, but secrets as they were written. */
export type WrittenDownParty = Complete<ParsedWrittenDownParty>;

/** A down-party as it is kept and sent to the services. */
export type DownParty = Complete<ParsedDownParty>;
/** The value of `type`. */
export type DownPartyType = DownParty['type'];

/** An OpenID Connect client (and perhaps API). */
export type OidcDownParty = Extract<DownParty, { type: 'oidc' }>;
/** A client without authorize endpoint, an API, or both. */
export type OAuth2DownParty = Extract<DownParty, { type: 'oauth2' }>;
/** A SAML 2.0 application. */
export type Saml2DownParty = Extract<DownParty, { type: 'saml2' }>;
/** Another track of the tenant, which trusts this one. */
export type TrackLinkDownParty = Extract<DownParty, { type: 'track_link' }>;
