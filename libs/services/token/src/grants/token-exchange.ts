import { transformClaims, type Claims } from '@corsac/model';
import {
  actorChain,
  checkMayAct,
  clientSubject,
  grantToExchange,
  readExchangeRequest,
  refuse,
  type Actor,
  type ExchangeRequest,
  type OAuthError,
} from '@corsac/oauth';
import { ok, type Outcome } from '@corsac/outcome';
import { randomName } from '@corsac/random';
import type { EndedFeed } from '../ended/feed.js';
import type { VerifiedSubject, VerifySubject } from '../exchange/subject.js';
import type { TokenOrder } from '../issue/issue-tokens.js';
import type { Grant, GrantRequest } from './grant.js';

export interface TokenExchangeParts {
  readonly feed: Pick<EndedFeed, 'fresh'>;
  /** How a token of each type is verified. */
  readonly subjects: Readonly<Record<ExchangeRequest['subject_token_type'], VerifySubject>>;
}

/**
 * RFC 8693. Subject and actor are verified, each by its rule, before anything of the request's wishes is looked at; then the
 * targets inside the client's whitelist, who acts, and the client's transforms.
 */
export const tokenExchange = ({ feed, subjects }: TokenExchangeParts): Grant => {
  const actorOf = async (
    asked: ExchangeRequest,
    request: GrantRequest,
  ): Promise<Outcome<VerifiedSubject | undefined, OAuthError>> =>
    asked.actor_token === undefined ? ok(undefined) : subjects.access_token(asked.actor_token, request);

  return async (request) => {
    const asked = readExchangeRequest(request.parameters);
    if (!asked.ok) return asked;
    if (!feed.fresh)
      return refuse('temporarily_unavailable', 'try again in a moment', 'the feed of ended sessions is lost');
    const subject = await subjects[asked.value.subject_token_type](asked.value.subject_token, request);
    if (!subject.ok) return subject;
    const actor = await actorOf(asked.value, request);
    if (!actor.ok) return actor;
    const act = actingParty(subject.value, actor.value, request);
    if (!act.ok) return act;
    return orderOf(asked.value, { subject: subject.value, act: act.value, request });
  };
};

/** Who acts: the actor token's subject, else the exchanging client; and whether the subject's token lets it. RFC 8693 4.1, 4.4. */
const actingParty = (
  subject: VerifiedSubject,
  actor: VerifiedSubject | undefined,
  { party }: GrantRequest,
): Outcome<Actor, OAuthError> => {
  const own = clientSubject(party.client.name);
  const accepted = actor
    ? { subs: [actor.sub], ...(actor.iss !== undefined && { iss: actor.iss }) }
    : { subs: [own, party.client.name], iss: party.issuers.track };
  const allowed = checkMayAct(subject.may_act, accepted);
  if (!allowed.ok) return allowed;
  return actorChain(
    actor ? { sub: actor.sub, ...(actor.iss !== undefined && { iss: actor.iss }) } : { sub: own },
    subject.act,
  );
};

interface Wish {
  readonly subject: VerifiedSubject;
  readonly act: Actor;
  readonly request: GrantRequest;
}

const orderOf = (asked: ExchangeRequest, { subject, act, request }: Wish): Outcome<TokenOrder, OAuthError> => {
  const { client, issuers } = request.party;
  const scopes = grantToExchange(asked, client, issuers.track);
  if (!scopes.ok) return scopes;
  const transformed = transformClaims(subject.claims as Claims, client.claim_transforms);
  if (!transformed.ok) {
    return refuse('invalid_request', `the claim transform ${transformed.error.rule} failed`, transformed.error.message);
  }
  const left = subject.ends === undefined ? Infinity : subject.ends - request.now;
  return ok({
    issuers,
    scopes: scopes.value,
    claims: transformed.value.claims,
    // Of the same grant as a token of this track: what ends that one, ends this one.
    grant_id: subject.grant_id ?? randomName(16),
    act,
    lifetime: Math.max(1, Math.min(client.access_token_lifetime, Math.floor(left))),
    issued_token_type: asked.requested_token_type,
  });
};
