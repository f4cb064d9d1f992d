import { sendJson, type HttpAnswer } from '@corsac/http';
import {
  inactive,
  introspectAccessToken,
  introspectRefreshToken,
  isPublicClient,
  readTokenParameter,
  refuse,
} from '@corsac/oauth';
import { ok } from '@corsac/outcome';
import type { JsonObject } from '@corsac/jwt';
import type { AccessTokens, VerifiedToken } from '../access-tokens/access-tokens.js';
import type { ClientRequest } from '../direct-endpoint/client-request.js';
import type { DirectWork } from '../direct-endpoint/direct-endpoint.js';
import type { EndedFeed } from '../ended/feed.js';
import type { EndedMemory } from '../ended/ended-memory.js';
import type { RefreshGrants } from '../refresh-grants/refresh-grants.js';

export interface IntrospectionParts {
  readonly tokens: AccessTokens;
  readonly refreshGrants: RefreshGrants;
  readonly feed: Pick<EndedFeed, 'fresh'>;
  readonly memory: Pick<EndedMemory, 'has'>;
}

/**
 * RFC 7662: a client sees its own tokens, a resource those that name it, everybody else `active: false`. Who cannot prove who it is
 * may not ask (2.1): otherwise anybody could try tokens out.
 */
export const introspect = (parts: IntrospectionParts): DirectWork => {
  const refreshToken = async ({ party, now }: ClientRequest, token: string): Promise<JsonObject> => {
    const read = parts.refreshGrants.read(token);
    const grant = read && (await parts.refreshGrants.find(party, read.grant_id));
    if (!grant || grant.ended || grant.expires <= now || grant.generation !== read?.generation) return inactive;
    if (parts.memory.has(grant.tenant, grant.track, grant)) return inactive;
    const { issuer, sub, scopes } = grant.granted;
    const known = {
      client_id: grant.client_id,
      issuer,
      sub,
      scope: scopes.scope,
      issued_at: grant.rotated_at,
      expires_at: grant.expires,
    };
    return introspectRefreshToken(known, party.client.name);
  };

  /** What one party may know of one token never changes while the token counts, so it is written once. */
  const written = new WeakMap<VerifiedToken, Map<string, HttpAnswer>>();
  const answerFor = (token: VerifiedToken, caller: string): HttpAnswer => {
    let answers = written.get(token);
    if (!answers) written.set(token, (answers = new Map()));
    let answer = answers.get(caller);
    if (!answer) answers.set(caller, (answer = sendJson(introspectAccessToken(token.claims, caller))));
    return answer;
  };

  const accessToken = async ({ party, now }: ClientRequest, token: string): Promise<HttpAnswer> => {
    const reading = parts.tokens.verify(token, { name: party.name, issuer: party.issuers.track, now });
    const verified = reading instanceof Promise ? await reading : reading;
    return verified.ok ? answerFor(verified.value, party.client.name) : unknown;
  };

  return async (request) => {
    if (isPublicClient(request.party.client))
      return refuse('invalid_client', 'introspection needs a client that authenticates');
    const asked = readTokenParameter(request.parameters);
    if (!asked.ok) return asked;
    if (!parts.feed.fresh) return refuse('temporarily_unavailable', undefined, 'the feed of ended sessions is lost');
    const { token, kind } = asked.value;
    if (kind === 'unknown') return ok(unknown);
    return ok(
      kind === 'refresh_token' ? sendJson(await refreshToken(request, token)) : await accessToken(request, token),
    );
  };
};

const unknown = sendJson(inactive);
