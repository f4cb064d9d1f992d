import type { Answer, issueCode } from '@corsac/contracts';
import { StoreUnavailable } from '@corsac/data';
import { fail, ok } from '@corsac/outcome';
import { randomName } from '@corsac/random';
import type { z } from 'zod';
import { orderOf } from '../grants/sign-in-order.js';
import { issueAccessToken, issueIdToken, type IssueContext, type OrderKeys } from '../issue/issue-tokens.js';
import type { Signers } from '../keys/signers.js';
import type { AddressedParty, Addresses } from '../party/addressed-party.js';
import type { SignInGrant } from '../refresh-grants/grant-store.js';
import { orderKeys } from '../token-request/token-requests.js';
import { grantIdOfCode, hashOfCode, type CodeStore } from './code-store.js';

type Request = z.infer<typeof issueCode.request>;
type Response = z.infer<typeof issueCode.response>;
type IssueCodeAnswer = Answer<Response, 'unknown_client' | 'key_not_ready'>;

export interface CodeIssuerParts {
  readonly addresses: Addresses;
  readonly codes: CodeStore;
  readonly signers: Signers;
  readonly nowMs: () => number;
}

const defaultCodeLifetime = 30;

/**
 * Makes what an authorization response carries. A code alone is one store write and no signature; tokens beside it are of the same
 * grant, so that a second use of the code ends them too. OIDC Core 3.2, 3.3.
 */
export class CodeIssuer {
  constructor(private readonly parts: CodeIssuerParts) {}

  async answer(request: Request): Promise<IssueCodeAnswer> {
    const { addresses, codes, signers, nowMs } = this.parts;
    const { grant } = request;
    const found = await addresses.party({ tenant: grant.tenant, track: grant.track, party: grant.client_id });
    if (!found.ok && found.error === 'unavailable') throw new StoreUnavailable('config', 'the configuration is away');
    if (!found.ok) return fail({ refusal: 'unknown_client' });
    const party = found.value;
    const now = Math.floor(nowMs() / 1000);
    const wantsTokens = request.response_types.some((word) => word !== 'code');
    const keys = wantsTokens ? orderKeys(party, await signers.keys(party.name), signers) : undefined;
    if (keys && !keys.ok) return fail({ refusal: 'key_not_ready' });
    const code = request.response_types.includes('code') ? randomName(32) : undefined;
    const codeHash = code === undefined ? undefined : hashOfCode(code);
    const kept = { ...grant, grant_id: codeHash === undefined ? randomName(16) : grantIdOfCode(codeHash) };
    if (codeHash !== undefined) await keep({ codeHash, grant: kept, now }, { request, party, codes });
    const tokens = keys ? await frontTokens(request, { grant: kept, party, keys: keys.value, now, code }) : {};
    return ok({ ...(code !== undefined && { code }), ...tokens });
  }
}

interface CodeToKeep {
  readonly codeHash: string;
  readonly grant: SignInGrant;
  readonly now: number;
}

const keep = async (
  { codeHash, grant, now }: CodeToKeep,
  { request, party, codes }: { readonly request: Request; readonly party: AddressedParty; readonly codes: CodeStore },
): Promise<void> => {
  const { client, name } = party;
  const lifetime_s = client.type === 'oidc' ? client.authorization_code_lifetime : defaultCodeLifetime;
  const { redirect_uri, code_challenge, dpop_jkt } = request;
  const value = {
    client_id: client.name,
    redirect_uri,
    code_challenge,
    dpop_jkt,
    expires_at: now + lifetime_s,
    epoch: await codes.epoch(),
    grant,
  };
  await codes.keep(name, codeHash, { value, lifetime_s });
};

interface FrontContext {
  readonly grant: SignInGrant;
  readonly party: AddressedParty;
  readonly keys: OrderKeys;
  readonly now: number;
  readonly code: string | undefined;
}

/** Tokens that go through the browser: never bound to a DPoP key, the ID token with nonce and with the hashes of what goes along. */
const frontTokens = async (
  { response_types }: Request,
  { grant, party, keys, now, code }: FrontContext,
): Promise<Response> => {
  const order = orderOf(grant, { party }, grant.scopes);
  const context: IssueContext = { party, keys, now };
  const access_token = response_types.includes('token') ? await issueAccessToken(order, context) : undefined;
  const beside = {
    ...(grant.nonce !== undefined && { nonce: grant.nonce }),
    ...(access_token !== undefined && { access_token }),
    ...(code !== undefined && { code }),
    alone: access_token === undefined && code === undefined,
  };
  const id_token = response_types.includes('id_token') ? await issueIdToken(order, beside, context) : undefined;
  return {
    ...(access_token !== undefined && {
      access_token,
      token_type: 'Bearer' as const,
      expires_in: party.client.access_token_lifetime,
      ...(grant.scopes.scope.length > 0 && { scope: grant.scopes.scope.join(' ') }),
    }),
    ...(id_token !== undefined && { id_token }),
  };
};
