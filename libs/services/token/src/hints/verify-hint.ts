import { decodeJwt, signingAlgs, audiencesOf } from '@corsac/jwt';
import type { Answer, verifyIdTokenHint as contract } from '@corsac/contracts';
import { StoreUnavailable } from '@corsac/data';
import { isIssuerOfParty, verifyIdTokenHint } from '@corsac/oidc';
import { fail, ok } from '@corsac/outcome';
import type { z } from 'zod';
import type { Signers } from '../keys/signers.js';
import type { Addresses } from '../party/addressed-party.js';

type Request = z.infer<typeof contract.request>;
type HintAnswer = Answer<z.infer<typeof contract.response>, 'invalid'>;

const invalid = (detail: string): HintAnswer => fail({ refusal: 'invalid', detail });

/** An ID token of ours that comes back: its age, its binding and the retirement of its key do not matter, everything else does. */
export class HintVerifier {
  constructor(
    private readonly addresses: Addresses,
    private readonly signers: Pick<Signers, 'keys'>,
    private readonly nowMs: () => number,
  ) {}

  /** @throws StoreUnavailable */
  async answer({ tenant, track, id_token_hint, client_id }: Request): Promise<HintAnswer> {
    const decoded = decodeJwt(id_token_hint);
    if (!decoded.ok) return invalid(decoded.error.code);
    const party = client_id ?? soleAudience(decoded.value.claims);
    if (party === undefined) return invalid('audience');
    const found = await this.addresses.party({ tenant, track, party });
    if (!found.ok && found.error === 'unavailable') throw new StoreUnavailable('config', 'the configuration is away');
    if (!found.ok) return invalid('unknown party');
    const { name, issuers } = found.value;
    const keys = await this.signers.keys(name);
    const verified = verifyIdTokenHint(id_token_hint, {
      client_id: party,
      keys: keys.hintKeys(),
      algs: signingAlgs,
      isOurs: (issuer) => isIssuerOfParty(issuer, issuers.track, party),
      now: Math.floor(this.nowMs() / 1000),
    });
    if (!verified.ok) return invalid(verified.error.code);
    const { iss, sub, sid } = verified.value;
    const up_party = decoded.value.claims['up_party'];
    const optional = { ...(sid !== undefined && { sid }), ...(typeof up_party === 'string' && { up_party }) };
    return ok({ client_id: party, sub, issuer: iss, ...optional });
  }
}

/** Our ID tokens have exactly one audience: their client. */
const soleAudience = (claims: Parameters<typeof audiencesOf>[0]): string | undefined => {
  const audiences = audiencesOf(claims);
  return audiences?.length === 1 ? audiences[0] : undefined;
};
