import { z } from 'zod';
import { claimRules } from '../claims/transform-schema.js';
import { tenantsDocument } from '../declarative/document.js';
import { homeRealmShape } from '../home-realm/settings.js';
import { clientShape } from '../parties/down/client.js';
import { oauth2DownParty } from '../parties/down/oauth2.js';
import { oidcDownParty } from '../parties/down/oidc.js';
import { saml2DownParty } from '../parties/down/saml2.js';
import { trackLinkDownParty } from '../parties/down/track-link.js';
import { partyShape } from '../parties/party.js';
import { samlMetadataShape } from '../parties/saml.js';
import { linkExternalUserShape } from '../parties/up/link-external-user.js';
import { loginUpParty } from '../parties/up/login.js';
import { oauth2UpParty } from '../parties/up/oauth2.js';
import { oidcUpParty } from '../parties/up/oidc.js';
import { openidIssuerShape } from '../parties/up/provider.js';
import { saml2UpParty } from '../parties/up/saml2.js';
import { trackLinkUpParty } from '../parties/up/track-link.js';
import { sealableInputSchema, secretInputSchema } from '../secrets/secret.js';
import { sessionShape } from '../sessions/settings.js';
import { writtenTrackSettingsSchema } from '../tracks/settings.js';
import { externalUserSchema } from '../users/external-user.js';
import { writtenUserSchema } from '../users/user.js';

/** A table of the reference page. */
export interface Section {
  readonly title: string;
  readonly text: string;
  readonly schema: z.ZodType;
  /** Where in a track it stands; settings that are refused so far are named by that. */
  readonly list?: 'settings' | 'up_parties' | 'down_parties' | 'users' | 'external_users';
  /** Its settings are told once here, and pointed at from the kinds of party that have all of them. */
  readonly shared?: true;
}

const shared = (title: string, text: string, shape: z.ZodRawShape): Section => ({
  title,
  text,
  schema: z.strictObject(shape),
  shared: true,
});

const up = (title: string, text: string, schema: z.ZodType): Section => ({ title, text, schema, list: 'up_parties' });
const down = (title: string, text: string, schema: z.ZodType): Section => ({
  title,
  text,
  schema,
  list: 'down_parties',
});

const places: readonly Section[] = [
  {
    title: 'Tenants and tracks',
    text: 'A document about one track has `tenant` and `track` (their names) at its root, and beside them what stands under `tenants[].tracks[]` here.',
    schema: tenantsDocument,
  },
  {
    title: 'Settings of a track',
    text: 'Under `settings`. Times are seconds.',
    schema: writtenTrackSettingsSchema,
    list: 'settings',
  },
];

const sharedParts: readonly Section[] = [
  shared('Every party', 'What every up-party and every down-party has.', partyShape),
  shared('Sessions of an up-party', 'How long the session lasts that a sign-in begins.', sessionShape),
  shared(
    'Home realm discovery',
    'How an up-party is found among several. The order: address, domain, regular expression, what the browser chose last time, domain `*`, then buttons.',
    homeRealmShape,
  ),
  shared('Records of external users', 'What a track keeps of users whom an up-party signs in.', linkExternalUserShape),
  shared('Issuer of tokens', 'Where issuer and keys of an OpenID Provider come from.', openidIssuerShape),
  shared('OAuth clients', 'What OpenID Connect and OAuth 2.0 clients both have.', clientShape),
  shared('SAML metadata', 'What the metadata that Corsac publishes for a SAML party says.', samlMetadataShape),
];

const upParties: readonly Section[] = [
  up('Up-party `login`', 'Users of the track itself.', loginUpParty),
  up('Up-party `oidc`', 'An OpenID Provider.', oidcUpParty(sealableInputSchema)),
  up('Up-party `oauth2`', 'An issuer whose access tokens may be exchanged.', oauth2UpParty),
  up('Up-party `saml2`', 'A SAML 2.0 identity provider.', saml2UpParty),
  up('Up-party `track_link`', 'Another track of the tenant that signs users in.', trackLinkUpParty),
];

const downParties: readonly Section[] = [
  down('Down-party `oidc`', 'An OpenID Connect client, and perhaps an API.', oidcDownParty(secretInputSchema)),
  down(
    'Down-party `oauth2`',
    'A client without users in front of it, an API, or both.',
    oauth2DownParty(secretInputSchema),
  ),
  down('Down-party `saml2`', 'A SAML 2.0 application.', saml2DownParty),
  down('Down-party `track_link`', 'Another track of the tenant that trusts this one.', trackLinkDownParty),
];

const users: readonly Section[] = [
  {
    title: 'Users',
    text: 'Under `users`: users of the track itself. At least one of `email`, `phone` and `username` is required.',
    schema: writtenUserSchema,
    list: 'users',
  },
  {
    title: 'External users',
    text: 'Under `external_users`: records of users whom other providers sign in. `link_claim_value` or `redemption_claim_value` is required.',
    schema: externalUserSchema,
    list: 'external_users',
  },
];

/** Every table of the page, in its order. */
export const sections: readonly Section[] = [...places, ...sharedParts, ...upParties, ...downParties, ...users];

/** The kinds of rule of `claim_transforms`, each a table of its own. */
export const ruleSections: readonly Section[] = claimRules.map((schema) => ({
  title: `Rule \`${schema.shape.type.value}\``,
  text: '',
  schema,
}));
