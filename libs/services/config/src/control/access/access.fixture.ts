import { findSessions, readTrackKeys, type Bus, type MessageContext, type Session } from '@corsac/contracts';
import { exportPublicJwk, signJwt, type SigningKey } from '@corsac/jwt';
import { fail, ok } from '@corsac/outcome';
import type { LogFields } from '@corsac/telemetry';
import { createHmac, sign } from 'node:crypto';
import { VerifyAdministrator } from './verify-administrator.js';

export const base_url = 'https://id.example.com';
export const masterIssuer = `${base_url}/acme/master`;
/** Unix seconds at which the tests begin. */
export const now = 1_800_000_000;

type KeyState = 'next' | 'current' | 'previous' | 'retired';

/** The token and the session service as the verification sees them, and everything that it asked and logged. */
export const accessWorld = () => {
  const keys = new Map<string, { key: SigningKey; state: KeyState }[]>();
  const sessions = new Map<string, Partial<Session>>();
  const asked: { subject: string; request: object; context: MessageContext | undefined }[] = [];
  const logged: LogFields[] = [];
  const state = { nowMs: now * 1000, tokenAway: false, sessionAway: false, keysNotReady: false };
  const read = ({ tenant, track }: { tenant: string; track: string }) => {
    if (state.tokenAway) return fail({ refusal: 'unavailable', detail: 'nobody there' });
    if (state.keysNotReady) return fail({ refusal: 'key_not_ready' });
    const known = keys.get(`${tenant}/${track}`);
    if (!known) return fail({ refusal: 'unknown_track' });
    return ok({
      keys: known.map(({ key, state: at }) => ({
        kid: key.kid,
        alg: key.alg,
        state: at,
        jwk: exportPublicJwk(key),
        created: 1,
      })),
    });
  };
  const find = ({ tenant, track, by }: { tenant: string; track: string; by: { sid: string } }) => {
    if (state.sessionAway) return fail({ refusal: 'unavailable', detail: 'nobody there' });
    const session = sessions.get(`${tenant}/${track}/${by.sid}`);
    return ok({ sessions: session ? [{ sid: by.sid, claims: {}, up_party_type: 'login', ...session }] : [] });
  };
  const bus = {
    ask: async (question: { subject: string }, request: never, context?: MessageContext) => {
      asked.push({ subject: question.subject, request, context });
      if (question === (readTrackKeys as unknown)) return read(request);
      if (question === (findSessions as unknown)) return find(request);
      throw new Error(`${question.subject} is no question of this`);
    },
  } as unknown as Bus;
  const administrators = new VerifyAdministrator({
    bus,
    base_url,
    nowMs: () => state.nowMs,
    logger: { info: (fields) => void logged.push(fields) },
  });
  const verify = (token: string | undefined, tenant = 'acme') =>
    administrators.verify(tenant, token === undefined ? {} : { authorization: `Bearer ${token}` }, {
      request_id: 'r1',
    });
  const askedFor = (contract: { subject: string }): number =>
    asked.filter(({ subject }) => subject === contract.subject).length;
  return { keys, sessions, asked, logged, state, administrators, verify, askedFor };
};
export type AccessWorld = ReturnType<typeof accessWorld>;

/** Claims of an administrator's access token, as the token service makes them. */
export const adminClaims = (changes: object = {}) => ({
  iss: masterIssuer,
  aud: 'corsac_control_api',
  sub: 'u1',
  sid: 's1',
  client_id: 'corsac_control',
  iat: now,
  exp: now + 600,
  jti: 'j1',
  scope: 'openid corsac_control_api.corsac:tenant',
  role: 'corsac:tenant',
  name: 'Ann Admin',
  ...changes,
});

export const tokenBy = async (key: SigningKey, changes: object = {}, typ = 'at+jwt'): Promise<string> =>
  signJwt({ typ }, adminClaims(changes), key);

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token with any header, signed by the key whatever the header says. */
export const tokenWithHeader = (key: SigningKey, header: object, claims: object = adminClaims()): string => {
  const input = `${part({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header })}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
};

/** A token whose MAC is made with what everybody can read: the public key. RFC 8725 2.1. */
export const tokenByMac = (secret: string | Buffer, header: object): string => {
  const input = `${part({ alg: 'HS256', typ: 'at+jwt', ...header })}.${part(adminClaims())}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
};

/** A token without signature. RFC 8725 2.1. */
export const unsecured = (alg: string, header: object = {}): string =>
  `${part({ alg, typ: 'at+jwt', ...header })}.${part(adminClaims())}.`;
