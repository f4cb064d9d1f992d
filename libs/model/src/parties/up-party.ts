import { z } from 'zod';
import { sealableInputSchema, sealedSecretSchema } from '../secrets/secret.js';
import { loginUpParty } from './up/login.js';
import { oauth2UpParty } from './up/oauth2.js';
import { oidcUpParty } from './up/oidc.js';
import { saml2UpParty } from './up/saml2.js';
import { trackLinkUpParty } from './up/track-link.js';

const upPartyWith = <Secret extends z.ZodType>(secret: Secret) =>
  z.discriminatedUnion('type', [loginUpParty, oidcUpParty(secret), oauth2UpParty, saml2UpParty, trackLinkUpParty]);

/** An up-party as somebody writes it; parsing fills in the defaults. Its secret is text or sealed. */
export const writtenUpPartySchema = upPartyWith(sealableInputSchema);

/** An up-party as it is kept and sent to the services: complete, its secret sealed. */
export const upPartySchema = upPartyWith(sealedSecretSchema);

/** What may be written: defaults may be left out. */
export type UpPartyInput = z.input<typeof writtenUpPartySchema>;
/** Complete, but the secret as it was written. */
export type WrittenUpParty = z.output<typeof writtenUpPartySchema>;
export type UpParty = z.output<typeof upPartySchema>;
/** The value of `type`. */
export type UpPartyType = UpParty['type'];

/** Users of the track itself. */
export type LoginUpParty = Extract<UpParty, { type: 'login' }>;
/** An OpenID Provider. */
export type OidcUpParty = Extract<UpParty, { type: 'oidc' }>;
/** A trust for token exchange only. */
export type OAuth2UpParty = Extract<UpParty, { type: 'oauth2' }>;
/** A SAML 2.0 identity provider. */
export type Saml2UpParty = Extract<UpParty, { type: 'saml2' }>;
/** Another track of the tenant. */
export type TrackLinkUpParty = Extract<UpParty, { type: 'track_link' }>;

/** Tells whether users may sign in by an up-party: an `oauth2` one and one with `user_authentication: false` are for token exchange only. */
export const canSignInUsers = (party: Pick<UpParty, 'type'> & { user_authentication?: boolean }): boolean =>
  party.type !== 'oauth2' && party.user_authentication !== false;
