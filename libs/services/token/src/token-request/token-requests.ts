import { ok, type Outcome } from '@corsac/outcome';
import { HttpAnswer, sendJson, type HttpRequest } from '@corsac/http';
import { noStore, readGrantType, refuse, type OAuthError, type TokenGrantType } from '@corsac/oauth';
import type { ClientRequest } from '../direct-endpoint/client-request.js';
import type { Grant } from '../grants/grant.js';
import { algsOf, issueTokens, type OrderKeys } from '../issue/issue-tokens.js';
import type { Signers } from '../keys/signers.js';
import type { TrackKeys } from '../keys/track-keys.js';
import type { AddressedParty } from '../party/addressed-party.js';
import type { OnceOnly } from '../replay/once-only.js';
import { readDpop } from './read-dpop.js';

/** The same for every answer with tokens. RFC 6749 5.1. */
const { headers: tokenHeaders } = sendJson({}, { headers: noStore });

/** Every grant by its wire name; what is not here is `unsupported_grant_type`. */
export type Grants = Readonly<Record<TokenGrantType, Grant>>;

export interface TokenRequestParts {
  readonly grants: Grants;
  readonly signers: Signers;
  readonly once: OnceOnly;
}

/**
 * The phases of a token request after its client is known: proof of possession, grant type, keys, the grant itself, tokens. They
 * are the endpoint's, so that no grant can forget one. Keys come before the grant: what is spent there must lead to tokens.
 */
export const answerTokenRequest =
  ({ grants, signers, once }: TokenRequestParts) =>
  async (request: ClientRequest, http: HttpRequest): Promise<Outcome<HttpAnswer, OAuthError>> => {
    const { party, parameters, now } = request;
    const proving = provenKey(party, { http, now, once });
    const proven = 'then' in proving ? await proving : proving;
    if (!proven.ok) return proven;
    const grantType = readGrantType(parameters, party.client);
    if (!grantType.ok) return grantType;
    const held = signers.keys(party.name);
    const keys = orderKeys(party, held instanceof Promise ? await held : held, signers);
    if (!keys.ok) return keys;
    const dpop_jkt = proven.value;
    const granting = grants[grantType.value]({ party, parameters, now, dpop_jkt });
    const order = 'then' in granting ? await granting : granting;
    if (!order.ok) return order;
    const tokens = await issueTokens(order.value, { party, keys: keys.value, now, dpop_jkt });
    return ok(new HttpAnswer(200, tokenHeaders, JSON.stringify(tokens)));
  };

interface ProofContext {
  readonly http: HttpRequest;
  readonly now: number;
  readonly once: OnceOnly;
}

/** RFC 9449 5: a proof binds what is issued; a client that must bind has to bring one. */
const provenKey = (
  { name, issuers, client }: AddressedParty,
  { http, now, once }: ProofContext,
): Outcome<string | undefined, OAuthError> | Promise<Outcome<string | undefined, OAuthError>> => {
  const header = http.headers['dpop'];
  if (header === undefined && !client.dpop_bound_access_tokens) return ok(undefined);
  if (header === undefined) return refuse('invalid_dpop_proof', 'the client must send a DPoP proof');
  return readDpop(header, { name, method: http.method, url: `${issuers.party}/oauth/token`, now }, once);
};

/** The keys that may be needed, found before anything is spent. They are made ahead, so a new track waits a moment at most. */
export const orderKeys = (
  party: Pick<AddressedParty, 'view' | 'client'>,
  keys: TrackKeys,
  signers: Pick<Signers, 'signerOf'>,
): Outcome<OrderKeys, OAuthError> => {
  const algs = algsOf(party);
  const access = signers.signerOf(keys, algs.access);
  const id = algs.id === algs.access ? access : signers.signerOf(keys, algs.id);
  if (access.ok && id.ok) return ok({ access: access.value, id: id.value });
  return refuse(
    'temporarily_unavailable',
    'the keys of the track are being made, try again in a moment',
    'key not ready',
  );
};
