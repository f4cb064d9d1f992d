import { StoreUnavailable } from '@corsac/data';
import {
  formText,
  sendBody,
  sendJson,
  withCors,
  type AnswerHeaders,
  type HttpAnswer,
  type HttpRequest,
} from '@corsac/http';
import { signJwt } from '@corsac/jwt';
import type { Outcome } from '@corsac/outcome';
import {
  checkTokenBinding,
  presentedToken,
  readParameters,
  refuse,
  wwwAuthenticate,
  type OAuthError,
  type PresentedToken,
} from '@corsac/oauth';
import { userInfoClaims, userInfoJwtClaims } from '@corsac/oidc';
import type { AccessTokens, VerifiedToken } from '../access-tokens/access-tokens.js';
import { corsPolicyOf, logRefusal, preflightOf, sendError, sendTooOften } from '../direct-endpoint/direct-endpoint.js';
import type { RequestBrake } from '../brakes/request-brake.js';
import type { EndedFeed } from '../ended/feed.js';
import type { Signers } from '../keys/signers.js';
import type { AddressedParty, Addresses } from '../party/addressed-party.js';
import { missAnswer } from '../party/miss-answer.js';
import type { OnceOnly } from '../replay/once-only.js';
import { readDpop } from '../token-request/read-dpop.js';

export interface UserInfoParts {
  readonly addresses: Addresses;
  readonly tokens: AccessTokens;
  readonly signers: Signers;
  readonly feed: Pick<EndedFeed, 'fresh'>;
  readonly once: OnceOnly;
  readonly brake: RequestBrake;
  readonly nowMs: () => number;
}

/** A refusal, and whether a token had come at all: without one the challenge has no error. RFC 6750 3.1. */
type Refusal = { readonly error?: OAuthError; readonly scheme: PresentedToken['scheme'] };

/**
 * UserInfo, OIDC Core 5.3: any access token of the track with `openid` in its scope, by whichever party's address. It answers from
 * the token, which carries exactly the granted claims. No store, no bus, and one hash for a token that was seen before.
 */
export class UserInfo {
  private readonly answers = new WeakMap<VerifiedToken, HttpAnswer>();

  constructor(private readonly parts: UserInfoParts) {}

  async answer(http: HttpRequest): Promise<HttpAnswer> {
    const found = this.parts.addresses.party(http.params);
    const address = 'then' in found ? await found : found;
    if (!address.ok) return missAnswer(address.error);
    const party = address.value;
    const retry_after = this.parts.brake.waits(party.view, http.clientIp);
    if (retry_after !== undefined) return sendTooOften({ error: 'temporarily_unavailable' }, retry_after);
    let answer: HttpAnswer;
    try {
      answer = await this.answerParty(http, party);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      http.logger.warn({ error }, 'a store is away');
      answer = sendError({ error: 'temporarily_unavailable' });
    }
    if (party.client.allow_cors_origins.length === 0) return answer;
    return withCors(answer, http.headers.origin, corsPolicyOf(party.client));
  }

  preflight(http: HttpRequest): Promise<HttpAnswer> {
    return preflightOf(this.parts.addresses, http);
  }

  private async answerParty(http: HttpRequest, party: AddressedParty): Promise<HttpAnswer> {
    const presented = readPresented(http);
    if (!presented.ok) return this.refuse(http, { error: presented.error, scheme: 'Bearer' }, party);
    if (!presented.value) return this.refuse(http, { scheme: 'Bearer' }, party);
    const { scheme, token } = presented.value;
    const refused = (error: OAuthError): HttpAnswer => this.refuse(http, { error, scheme }, party);
    if (!this.parts.feed.fresh)
      return refused({ error: 'temporarily_unavailable', detail: 'the feed of ended sessions is lost' });
    const now = Math.floor(this.parts.nowMs() / 1000);
    const reading = this.parts.tokens.verify(token, { name: party.name, issuer: party.issuers.track, now });
    const verified = reading instanceof Promise ? await reading : reading;
    if (!verified.ok)
      return refused({ error: 'invalid_token', error_description: 'the token is not valid', detail: verified.error });
    const { claims } = verified.value;
    const bound =
      scheme === 'Bearer'
        ? checkTokenBinding(claims, scheme, undefined)
        : await this.checkProof(http, { party, token, claims, now });
    if (!bound.ok) return refused(bound.error);
    const alg = party.client.type === 'oidc' ? party.client.userinfo_signed_response_alg : undefined;
    return alg ? this.signed(http, { party, token: verified.value, now }) : this.plain(http, party, verified.value);
  }

  private async checkProof(
    http: HttpRequest,
    use: {
      readonly party: AddressedParty;
      readonly token: string;
      readonly claims: VerifiedToken['claims'];
      readonly now: number;
    },
  ): Promise<Outcome<void, OAuthError>> {
    const { party, token, claims, now } = use;
    const url = `${party.issuers.party}/oauth/userinfo`;
    const header = http.headers['dpop'];
    if (header === undefined) return refuse('invalid_dpop_proof', 'the DPoP proof is missing');
    const proof = await readDpop(
      header,
      { name: party.name, method: http.method, url, now, access_token: token },
      this.parts.once,
    );
    return proof.ok ? checkTokenBinding(claims, 'DPoP', proof.value) : proof;
  }

  /** The answer is made once per token: claims, types and JSON do not change. */
  private plain(http: HttpRequest, party: AddressedParty, token: VerifiedToken): HttpAnswer {
    let answer = this.answers.get(token);
    if (!answer) {
      const claims = userInfoClaims(token.claims);
      if (!claims.ok) return this.refuse(http, { error: claims.error, scheme: schemeOf(token) }, party);
      this.answers.set(token, (answer = sendJson(claims.value)));
    }
    return answer;
  }

  private async signed(
    http: HttpRequest,
    { party, token, now }: { readonly party: AddressedParty; readonly token: VerifiedToken; readonly now: number },
  ): Promise<HttpAnswer> {
    const claims = userInfoClaims(token.claims);
    if (!claims.ok) return this.refuse(http, { error: claims.error, scheme: schemeOf(token) }, party);
    const alg = (party.client.type === 'oidc' && party.client.userinfo_signed_response_alg) || 'RS256';
    const key = await this.parts.signers.signer(party.name, alg);
    if (!key.ok) return sendError({ error: 'temporarily_unavailable', detail: key.error });
    // The answer is for who may use the token, under the issuer that its client knows.
    const issuer = party.client.issuer === 'track' ? party.issuers.track : party.issuers.party;
    const jwt = await signJwt(
      { typ: 'JWT' },
      userInfoJwtClaims(claims.value, issuer, party.client.name, now),
      key.value,
    );
    return sendBody(jwt, 'application/jwt');
  }

  private refuse(http: HttpRequest, { error, scheme }: Refusal, { issuers, view }: AddressedParty): HttpAnswer {
    if (error) {
      logRefusal(http, error);
      this.parts.brake.count(view, http.clientIp, error.error);
    }
    if (error?.error === 'temporarily_unavailable') return sendError(error);
    const challenges = [wwwAuthenticate(scheme, issuers.track, error)];
    if (scheme === 'Bearer' && !error) challenges.push(wwwAuthenticate('DPoP', issuers.track));
    const headers: AnswerHeaders = { 'www-authenticate': challenges };
    if (!error)
      return sendJson(
        { error: 'invalid_token', error_description: 'an access token is required' },
        { status: 401, headers },
      );
    return error.error === 'invalid_dpop_proof' ? asUnauthorized(error, headers) : sendError(error, headers);
  }
}

/** At a protected resource a bad proof is 401, unlike at the token endpoint. RFC 9449 7.1. */
const asUnauthorized = (error: OAuthError, headers: AnswerHeaders): HttpAnswer =>
  sendJson({ error: error.error, error_description: error.error_description }, { status: 401, headers });

const schemeOf = ({ claims }: VerifiedToken): PresentedToken['scheme'] =>
  claims['cnf'] === undefined ? 'Bearer' : 'DPoP';

/** RFC 6750 2.2: a form counts only with POST. */
const readPresented = ({ method, content, headers }: HttpRequest): Outcome<PresentedToken | undefined, OAuthError> => {
  const text = method === 'POST' ? formText(content) : undefined;
  if (!text) return presentedToken(headers.authorization);
  const form = readParameters(text);
  return form.ok ? presentedToken(headers.authorization, form.value) : form;
};
