import { findSessions, type Bus, type MessageContext, type Session } from '@corsac/contracts';
import { decodeJwt, signingAlgs, verifyJwt, type JsonObject, type JwtErrorCode, type VerifyRules } from '@corsac/jwt';
import { controlApiName, isName, masterName, rightsInScope, trackIssuer, valuesOf, type Claims } from '@corsac/model';
import { accessTokenTyp, clientSubject, oauthError, wwwAuthenticate } from '@corsac/oauth';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { Logger } from '@corsac/telemetry';
import type { IncomingHttpHeaders } from 'node:http';
import { away, type Answered, type Refusal } from '../api/refusal.js';
import { AdministratorKeys, type KeysMiss } from './administrator-keys.js';
import type { Administrator, Administrators } from './administrator.js';
import { maxTokenCharacters, readBearer } from './read-bearer.js';

export interface VerifyAdministratorParts {
  readonly bus: Pick<Bus, 'ask'>;
  /** `CORSAC_BASE_URL`. */
  readonly base_url: string;
  readonly nowMs: () => number;
  readonly logger: Pick<Logger, 'info'>;
}

/** Why a token does not count: for the log, and what of it the caller may know. */
interface Fault {
  readonly reason: string;
  /** Only of tokens whose signature holds; whoever made one up learns nothing. */
  readonly told?: string;
}
/** The other service gives no answer. */
type Silence = 'token' | 'session';
type Checked<T> = Outcome<T, Fault | Silence>;

const fault = (reason: string, told?: string): Checked<never> => fail({ reason, ...(told !== undefined && { told }) });

/**
 * Finds out who calls the Control API: an access token of the `master` track of the very tenant that is called, issued for
 * this API. The session behind it must still be there, so that ending a session ends what it could administer.
 */
export class VerifyAdministrator implements Administrators {
  private readonly keys: AdministratorKeys;

  constructor(private readonly parts: VerifyAdministratorParts) {
    this.keys = new AdministratorKeys(parts);
  }

  /** @returns 401 with the challenge of RFC 6750 3, or 503 where nobody is there to say whether the token counts */
  async verify(
    tenant: string,
    headers: IncomingHttpHeaders,
    context: MessageContext,
  ): Promise<Answered<Administrator>> {
    const issuer = trackIssuer({ base: this.parts.base_url, tenant, track: masterName });
    const presented = readBearer(headers);
    if (presented.kind === 'none') return fail(noToken(issuer));
    const checked =
      presented.kind === 'malformed'
        ? fault('malformed')
        : await this.check(presented.token, { tenant, issuer, context });
    if (checked.ok) return checked;
    if (typeof checked.error === 'string') return away(checked.error);
    const { reason, told } = checked.error;
    this.parts.logger.info({ tenant, reason }, 'a token for the Control API was refused');
    return fail(badToken(issuer, told));
  }

  private async check(token: string, place: Place): Promise<Checked<Administrator>> {
    const verified = await this.verified(token, place);
    if (!verified.ok) return verified;
    const claims = verified.value;
    if (claims['cnf'] !== undefined)
      return fault('bound to a key', 'the token is bound to a key; ask for one without DPoP proof');
    if (claims['act'] !== undefined)
      return fault('exchanged', 'the token was exchanged; ask for one by a sign-in or by client credentials');
    const roles = await this.roles(claims, place);
    if (!roles.ok) return roles;
    const { sub, client_id, scope, name } = claims as { sub: string; client_id: string; scope: unknown; name: unknown };
    return ok({
      tenant: place.tenant,
      sub,
      client_id,
      ...(typeof name === 'string' && { name: name.slice(0, longestName) }),
      scopes: typeof scope === 'string' ? rightsInScope(scope) : [],
      roles: roles.value,
    });
  }

  /** The claims of a token whose signature, type, issuer, audience and times hold. RFC 9068 4, RFC 8725 3. */
  private async verified(token: string, { tenant, issuer, context }: Place): Promise<Checked<JsonObject>> {
    const decoded = decodeJwt(token, maxTokenCharacters);
    if (!decoded.ok) return fault(decoded.error.code);
    // Looked at before anything is proven: what is not even said to be of this tenant makes nobody ask for its keys.
    if (decoded.value.claims['iss'] !== issuer || !isName(tenant)) return fault('issuer_mismatch');
    const rules = { ...tokenRules, issuer, now: Math.floor(this.parts.nowMs() / 1000) };
    const held = await this.keys.of(tenant, context);
    if (!held.ok) return withoutKeys(held.error);
    const verified = verifyJwt(token, { ...rules, keys: held.value });
    if (verified.ok || verified.error.code !== 'unknown_kid') return claimsOf(verified);
    const fresh = await this.keys.of(tenant, context, true);
    return fresh.ok ? claimsOf(verifyJwt(token, { ...rules, keys: fresh.value })) : withoutKeys(fresh.error);
  }

  /** Roles of the administrator, when whoever stands behind the token is still there. */
  private async roles(claims: JsonObject, { tenant, context }: Place): Promise<Checked<string[]>> {
    const { sid, sub, client_id } = claims as { sid: unknown; sub: string; client_id: string };
    if (sid === undefined)
      return sub === clientSubject(client_id) ? ok(rolesIn(claims)) : fault('of a user without session', sessionOver);
    if (typeof sid !== 'string' || !isSid.test(sid)) return fault('claim_invalid');
    const asked = { tenant, track: masterName, by: { kind: 'sid', sid } } as const;
    const found = await this.parts.bus.ask(findSessions, asked, context);
    if (!found.ok) return fail('session');
    const session = found.value.sessions.find((one) => one.sid === sid);
    return session ? ok(rolesBy(session, claims)) : fault('session over', sessionOver);
  }
}

interface Place {
  readonly tenant: string;
  readonly issuer: string;
  readonly context: MessageContext;
}

const tokenRules = {
  algs: signingAlgs,
  typ: [accessTokenTyp],
  audience: controlApiName,
  required: ['iss', 'sub', 'aud', 'exp', 'jti', 'client_id'],
  maxCharacters: maxTokenCharacters,
} as const satisfies Partial<VerifyRules>;

const withoutKeys = (miss: KeysMiss): Checked<never> => (miss === 'unavailable' ? fail('token') : fault('no keys'));

const claimsOf = (verified: ReturnType<typeof verifyJwt>): Checked<JsonObject> => {
  if (!verified.ok) return fault(verified.error.code, toldOf(verified.error.code));
  const { claims } = verified.value;
  return typeof claims['client_id'] === 'string' ? ok(claims) : fault('claim_invalid');
};

const isSid = /^[A-Za-z0-9_.~-]{1,200}$/;
const longestName = 200;

const rolesIn = (claims: JsonObject | Claims): string[] =>
  valuesOf(claims as Claims, 'role').filter((role): role is string => typeof role === 'string');

/**
 * What a provider claims of its users makes none of them an administrator (spec 6, Rights): where somebody else signed the
 * user in, only those roles count that the track's own rules for the client added to what came by the sign-in.
 */
const rolesBy = ({ up_party_type, claims }: Pick<Session, 'up_party_type' | 'claims'>, token: JsonObject): string[] => {
  const roles = rolesIn(token);
  if (up_party_type === 'login') return roles;
  const claimed = new Set(rolesIn(claims as Claims));
  return roles.filter((role) => !claimed.has(role));
};

const sessionOver = 'the session is over; sign in again';

/** What a program can mend by itself may be told; verification goes on to these only when the signature holds. */
const toldOf = (code: JwtErrorCode): string | undefined => tellable[code];
const tellable: Partial<Record<JwtErrorCode, string>> = {
  expired: 'the token has expired',
  audience_mismatch: `the token is not for ${controlApiName}; ask for a scope of it`,
};

const title = 'Nobody is signed in.';

const noToken = (issuer: string): Refusal => ({
  status: 401,
  title,
  detail: `Send an access token for ${controlApiName} in the header Authorization: Bearer.`,
  challenge: wwwAuthenticate('Bearer', issuer),
});

/** The same whatever was wrong, and for a tenant that is not there. */
const badToken = (issuer: string, told = 'the access token is not valid here'): Refusal => ({
  status: 401,
  title,
  detail: `${told[0]!.toUpperCase()}${told.slice(1)}.`,
  challenge: wwwAuthenticate('Bearer', issuer, oauthError('invalid_token', told)),
});
