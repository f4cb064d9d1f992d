import { decodeProtectedHeader, jwtVerify } from 'jose';
import { flow } from '../checks.js';
import { moduleOf } from '../module.js';
import { expectBack, expectSignedOut, logOut, logoutOf, longState } from './logout.js';

const eventName = 'http://schemas.openid.net/event/backchannel-logout';

/** Front-Channel and Back-Channel Logout 1.0. */
export const channelModules = [
  moduleOf(
    'oidcc-frontchannel-rp-initiated-logout',
    'the application is told in a frame, with iss and sid and nothing more, and the user is back with the state',
    async (run) => {
      const signedIn = await flow(run);
      const state = longState();
      const outcome = await logOut(run, logoutOf(run, signedIn, { state }));
      const sid = String(signedIn.idToken?.['sid']);
      const told = await run.world.server.until('the front-channel logout', ({ path, query }) =>
        [path === 'frontchannel_logout', query.get('sid') === sid].every(Boolean),
      );
      expect(told.method).toBe('GET');
      expect(Object.fromEntries(told.query)).toEqual({ iss: run.provider.metadata.issuer, sid });
      expectBack(run, outcome, state);
      await expectSignedOut(run);
    },
  ),

  moduleOf(
    'oidcc-backchannel-rp-initiated-logout',
    'the application is told by a logout token of the session, and the user is back with the state',
    async (run) => {
      const signedIn = await flow(run);
      const state = longState();
      const outcome = await logOut(run, logoutOf(run, signedIn, { state }));
      const sid = String(signedIn.idToken?.['sid']);
      const isIt = (token: string | null): boolean =>
        JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString() || '{}').sid === sid;
      const told = await run.world.server.until('the back-channel logout', ({ path, body }) =>
        [path === 'backchannel_logout', isIt(body.get('logout_token'))].every(Boolean),
      );
      expect(told.method).toBe('POST');
      expect(told.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
      expect([...told.body.keys()]).toEqual(['logout_token']);
      const token = told.body.get('logout_token') ?? '';
      expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', typ: 'logout+jwt' });
      const { payload } = await jwtVerify(token, run.provider.keys, {
        issuer: run.provider.metadata.issuer,
        audience: run.provider.client_id,
        algorithms: ['RS256'],
        requiredClaims: ['iss', 'aud', 'iat', 'exp', 'jti', 'events'],
      });
      expect(payload).toMatchObject({ sid, sub: signedIn.idToken?.sub, events: { [eventName]: {} } });
      expect(Object.keys(payload['events'] as object)).toEqual([eventName]);
      expect(Object.keys((payload['events'] as Record<string, object>)[eventName] ?? { x: 1 })).toEqual([]);
      expect(payload).not.toHaveProperty('nonce');
      expectBack(run, outcome, state);
      await expectSignedOut(run);
    },
  ),
];
