import type { ClientScope } from './down/client.js';

/** Claims of a scope as one text; a star marks those that are also in the ID token. */
const scope = (name: string, claims = ''): ClientScope => ({
  scope: name,
  voluntary_claims: claims
    .split(' ')
    .filter((claim) => claim !== '')
    .map((claim) => ({ claim: claim.replace('*', ''), in_id_token: claim.endsWith('*') })),
});

/** Scopes of a client that names none, with the claims of OIDC Core 5.4; which of them the ID token has: reference 2.2. */
export const defaultScopes: readonly ClientScope[] = [
  scope('offline_access'),
  scope(
    'profile',
    'name* given_name* middle_name* family_name* nickname preferred_username* birthdate gender picture profile website locale* zoneinfo updated_at',
  ),
  scope('email', 'email* email_verified'),
  scope('address', 'address*'),
  scope('phone', 'phone_number* phone_number_verified'),
];
