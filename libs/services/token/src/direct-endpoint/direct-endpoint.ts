import { StoreUnavailable } from '@corsac/data';
import { sendJson, type AnswerHeaders, type CorsPolicy, type HttpAnswer, type HttpRequest } from '@corsac/http';
import { answerPreflight, withCors } from '@corsac/http';
import { errorBody, httpStatusOf, noStore, wwwAuthenticate, type OAuthError } from '@corsac/oauth';
import { fail, type Outcome } from '@corsac/outcome';
import type { AddressedParty, Addresses, OAuthParty } from '../party/addressed-party.js';
import { readClientRequest, type ClientRequest, type ClientRequestParts } from './client-request.js';

/** What an endpoint does of its own, once the client is known. @throws StoreUnavailable */
export type DirectWork = (request: ClientRequest, http: HttpRequest) => Promise<Outcome<HttpAnswer, OAuthError>>;

/** What each of the direct endpoints does. */
export abstract class DirectWorks {
  abstract readonly token: DirectWork;
  abstract readonly introspect: DirectWork;
  abstract readonly revoke: DirectWork;
  abstract readonly pushed: DirectWork;
  abstract readonly device: DirectWork;
}

/** Seconds after which it is worth to ask again. */
const retryAfter = '2';

/** Who may read a party's answers from a page: the origins that the party names, with proofs and form bodies. */
export const corsPolicyOf = (client: OAuthParty): CorsPolicy => ({
  origins: client.allow_cors_origins,
  methods: ['GET', 'POST'],
  request_headers: ['authorization', 'content-type', 'dpop'],
  exposed_headers: ['www-authenticate', 'retry-after'],
});

/** Writes an OAuth error as RFC 6749 5.2 wants it: JSON, its status, no-store, and when to come again. */
export const sendError = (error: OAuthError, headers: AnswerHeaders = {}): HttpAnswer => {
  const status = httpStatusOf(error);
  const retry: AnswerHeaders = status === 503 ? { 'retry-after': retryAfter } : {};
  return sendJson(errorBody(error), { status, headers: { ...noStore, ...retry, ...headers } });
};

/** RFC 6585 4: this address has been refused too often and is not listened to for a while. */
export const sendTooOften = (error: OAuthError, retry_after: number): HttpAnswer =>
  sendJson(errorBody(error), { status: 429, headers: { ...noStore, 'retry-after': String(retry_after) } });

/** What a refusal says to the client and what only the log may know; never a token or a secret. */
export const logRefusal = (http: HttpRequest, error: OAuthError): void => {
  const fields = { error: error.error, error_description: error.error_description, detail: error.detail };
  if (error.error === 'temporarily_unavailable' || error.error === 'server_error')
    http.logger.warn(fields, 'request refused');
  else http.logger.info(fields, 'request refused');
};

/**
 * Around every endpoint that clients call directly: the client is proven, errors and a store that is away are written in one form,
 * and pages of the party's origins may read the answer.
 */
export class DirectEndpoint {
  constructor(private readonly parts: ClientRequestParts) {}

  async answer(http: HttpRequest, work: DirectWork): Promise<HttpAnswer> {
    let party: AddressedParty | undefined;
    try {
      const request = await readClientRequest(http, this.parts);
      party = request.ok ? request.value.party : request.error.party;
      const done = request.ok ? await work(request.value, http) : fail(request.error.error);
      const retry_after = request.ok ? undefined : request.error.retry_after;
      const answer = done.ok ? done.value : this.refused(http, done.error, { party, retry_after });
      return this.withCors(http, party?.client, answer);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      http.logger.warn({ error }, 'a store is away');
      return this.withCors(http, party?.client, sendError({ error: 'temporarily_unavailable' }));
    }
  }

  /** Answers a preflight of the party's endpoints. */
  async preflight(http: HttpRequest): Promise<HttpAnswer> {
    return preflightOf(this.parts.addresses, http);
  }

  private refused(
    http: HttpRequest,
    error: OAuthError,
    { party, retry_after }: { readonly party?: AddressedParty; readonly retry_after?: number },
  ): HttpAnswer {
    if (retry_after !== undefined) return sendTooOften(error, retry_after);
    logRefusal(http, error);
    if (party) this.parts.brake.count(party.view, http.clientIp, error.error);
    // Whoever tried by the header is told the scheme, RFC 6749 5.2; a page would show a password prompt for it.
    const hasTried = error.error === 'invalid_client' && http.headers.authorization !== undefined;
    return sendError(error, hasTried ? { 'www-authenticate': wwwAuthenticate('Basic', 'clients') } : {});
  }

  private withCors(http: HttpRequest, client: OAuthParty | undefined, answer: HttpAnswer): HttpAnswer {
    if (!client || client.allow_cors_origins.length === 0) return answer;
    return withCors(answer, http.headers.origin, corsPolicyOf(client));
  }
}

/** A preflight names no party but by its address; an unknown one is answered without permission. */
export const preflightOf = async (addresses: Addresses, http: HttpRequest): Promise<HttpAnswer> => {
  const found = await addresses.party(http.params);
  return answerPreflight(
    http.headers.origin,
    found.ok ? corsPolicyOf(found.value.client) : { origins: [], methods: [] },
  );
};
