import { constants, randomBytes, sign, type KeyObject, type SignKeyObjectInput } from 'node:crypto';
import { promisify } from 'node:util';
import type { Answer, signSaml, signSamlLogout } from '@corsac/contracts';
import type { SigningAlg, SigningKey } from '@corsac/jwt';
import { fail, ok } from '@corsac/outcome';
import { makeLogoutRequest, sendBySoap } from '@corsac/saml';
import type { z } from 'zod';
import type { Signers } from '../keys/signers.js';

type Asked = z.infer<typeof signSaml.request>;
type AskedLogout = z.infer<typeof signSamlLogout.request>;

const signOnPool = promisify(sign) as (algorithm: string, data: Uint8Array, key: SignKeyObjectInput) => Promise<Buffer>;

interface Scheme {
  readonly alg: SigningAlg;
  readonly hash: string;
  readonly input: (key: KeyObject) => SignKeyObjectInput;
}

const rsa = (hash: string): Scheme => ({ alg: 'RS256', hash, input: (key) => ({ key }) });

/** Which of the track's keys signs, and how. RFC 9231 2.3.6 (ECDSA), 2.3.9 (PSS). */
const schemes: Readonly<Record<Asked['algorithm'], Scheme>> = {
  'rsa-sha256': rsa('sha256'),
  'rsa-sha384': rsa('sha384'),
  'rsa-sha512': rsa('sha512'),
  'rsa-pss-sha256': {
    alg: 'RS256',
    hash: 'sha256',
    input: (key) => ({
      key,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    }),
  },
  'ecdsa-sha256': { alg: 'ES256', hash: 'sha256', input: (key) => ({ key, dsaEncoding: 'ieee-p1363' }) },
};

/** Seconds that an application takes a LogoutRequest. */
const logoutLifetime = 300;

/** Signs SAML messages with the track's keys. All methods reject with `StoreUnavailable`. */
export class SamlSigner {
  constructor(
    private readonly signers: Signers,
    private readonly nowMs: () => number,
  ) {}

  /** Signs canonical XML, or the query of the Redirect binding. */
  async bytes(request: Asked): Promise<Answer<z.infer<typeof signSaml.response>, 'key_not_ready'>> {
    const scheme = schemes[request.algorithm];
    const key = await this.signers.signer(request, scheme.alg);
    if (!key.ok) return fail({ refusal: 'key_not_ready' });
    const signature = await signWith(scheme, key.value, Buffer.from(request.bytes, 'base64'));
    return ok({ signature: signature.toString('base64'), kid: key.value.kid });
  }

  /** A whole LogoutRequest in its envelope. SAML Profiles 4.4.3.1, SAML Bindings 3.2. */
  async logout(request: AskedLogout): Promise<Answer<z.infer<typeof signSamlLogout.response>, 'key_not_ready'>> {
    const { algorithm, issuer, destination, name_id, session_index } = request;
    const scheme = schemes[algorithm];
    const keys = await this.signers.keys(request);
    const key = this.signers.signerOf(keys, scheme.alg);
    if (!key.ok) return fail({ refusal: 'key_not_ready' });
    const certificate = keys.rows.find(({ kid }) => kid === key.value.kid)?.certificate;
    const request_id = `_${randomBytes(20).toString('hex')}`;
    const issued_at = Math.floor(this.nowMs() / 1000);
    const message = makeLogoutRequest({
      id: request_id,
      issuer,
      issued_at,
      destination,
      not_on_or_after: issued_at + logoutLifetime,
      name_id,
      session_indexes: [session_index],
    });
    const envelope = await sendBySoap(message, {
      algorithm,
      ...(certificate !== undefined && { certificate }),
      sign: (_identifier, bytes) => signWith(scheme, key.value, bytes),
    });
    return ok({ request_id, envelope });
  }
}

const signWith = (scheme: Scheme, key: SigningKey, bytes: Uint8Array): Promise<Buffer> =>
  signOnPool(scheme.hash, bytes, scheme.input(key.privateKey));
