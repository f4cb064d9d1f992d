import { flow, type Flow } from '../checks.js';
import { moduleOf } from '../module.js';
import type { ModuleRun } from '../module-run.js';

/** OIDC Core 5.4: the claims of each scope. */
const claimsOfScope: Readonly<Record<string, readonly string[]>> = {
  profile:
    'name family_name given_name middle_name nickname preferred_username profile picture website gender birthdate zoneinfo locale updated_at'.split(
      ' ',
    ),
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
};

const everyClaim = Object.values(claimsOfScope).flat();

/** The user's claims: of UserInfo where there is an access token, else of the ID token (OIDC Core 5.4). */
const userClaims = ({ userinfo, idToken }: Flow): Readonly<Record<string, unknown>> => userinfo ?? idToken ?? {};

/** All claims of the scopes, and no claim of another scope. */
const expectClaimsOf = async (run: ModuleRun, scope: string): Promise<void> => {
  const asked = scope.split(' ').filter((word) => word !== 'openid');
  expect(run.provider.metadata.scopes_supported).toEqual(expect.arrayContaining(scope.split(' ')));
  const claims = userClaims(await flow(run, { scope }));
  const present = everyClaim.filter((claim) => claim in claims);
  expect(present).toEqual(
    Object.keys(claimsOfScope).flatMap((name) => (asked.includes(name) ? claimsOfScope[name] : [])),
  );
};

/** What scopes and the claims parameter bring. */
export const claimsModules = [
  moduleOf('oidcc-scope-profile', 'scope profile brings its fourteen claims and no others', (run) =>
    expectClaimsOf(run, 'openid profile'),
  ),
  moduleOf('oidcc-scope-email', 'scope email brings email and email_verified and no others', (run) =>
    expectClaimsOf(run, 'openid email'),
  ),
  moduleOf('oidcc-scope-address', 'scope address brings the address and no others', (run) =>
    expectClaimsOf(run, 'openid address'),
  ),
  moduleOf('oidcc-scope-phone', 'scope phone brings phone_number and phone_number_verified and no others', (run) =>
    expectClaimsOf(run, 'openid phone'),
  ),
  moduleOf('oidcc-scope-all', 'all scopes together bring all standard claims', (run) =>
    expectClaimsOf(run, 'openid email phone address profile'),
  ),
  moduleOf('oidcc-ensure-other-scope-order-succeeds', 'openid need not be the first scope', (run) =>
    expectClaimsOf(run, 'email openid'),
  ),

  moduleOf(
    'oidcc-claims-essential',
    'an essential claim that is asked by name stands where it was asked, and only there',
    async (run) => {
      const alone = run.variant.response_type === 'id_token';
      const claims = JSON.stringify({ [alone ? 'id_token' : 'userinfo']: { name: { essential: true } } });
      const { userinfo, frontIdToken, backIdToken } = await flow(run, { claims });
      if (alone) return expect(frontIdToken).toMatchObject({ name: 'Grace Brewster Hopper' });
      expect(userinfo).toMatchObject({ name: 'Grace Brewster Hopper' });
      for (const token of [frontIdToken, backIdToken]) if (token) expect(token).not.toHaveProperty('name');
    },
  ),
];
