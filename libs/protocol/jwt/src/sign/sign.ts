import { constants, sign as signBytes } from 'node:crypto';
import type { SigningKey } from '../keys/key-types.js';
import { derToJose } from './ecdsa-signature.js';

/** Header members besides `alg` and `kid`, which come from the key. `typ` names the kind of token, RFC 8725 3.11. */
export interface SignHeader {
  readonly typ: string;
}

const headers = new WeakMap<SigningKey, Map<string, string>>();

/**
 * Makes a compact JWS over the claims. RSA goes to the thread pool (0.3 ms of pure CPU) unless the key says otherwise, ES256 and
 * EdDSA are signed in place, which is cheaper than the hand-over. The encoded header is kept per key and `typ`.
 * @param header `typ` of the token
 * @param claims any JSON object; members that are undefined are left out
 * @param key the track's key; its `alg` is what is used
 * @returns the token at once (ES256, EdDSA) or its promise (RSA elsewhere): always await it. RFC 7515 7.1
 */
export const signJwt = (header: SignHeader, claims: object, key: SigningKey): Promise<string> | string => {
  const input = `${encodedHeader(header.typ, key)}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  switch (key.alg) {
    case 'ES256':
      return `${input}.${derToJose(signBytes('sha256', Buffer.from(input), key.privateKey)).toString('base64url')}`;
    case 'EdDSA':
      return `${input}.${signBytes(null, Buffer.from(input), key.privateKey).toString('base64url')}`;
    case 'RS256':
    case 'PS256':
      return key.in_place
        ? `${input}.${signBytes('sha256', Buffer.from(input), rsaParameters(key)).toString('base64url')}`
        : signElsewhere(input, key);
  }
};

const signElsewhere = (input: string, key: SigningKey): Promise<string> =>
  new Promise((resolve, reject) => {
    signBytes('sha256', Buffer.from(input), rsaParameters(key), (error, signature) => {
      if (error) reject(error);
      else resolve(`${input}.${signature.toString('base64url')}`);
    });
  });

/** PS256: the salt is as long as the hash, RFC 7518 3.5. */
const rsaParameters = (key: SigningKey) =>
  key.alg === 'PS256'
    ? { key: key.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : { key: key.privateKey, padding: constants.RSA_PKCS1_PADDING };

const encodedHeader = (typ: string, key: SigningKey): string => {
  let perTyp = headers.get(key);
  if (!perTyp) headers.set(key, (perTyp = new Map()));
  let encoded = perTyp.get(typ);
  if (encoded === undefined) {
    encoded = Buffer.from(JSON.stringify({ alg: key.alg, typ, kid: key.kid })).toString('base64url');
    perTyp.set(typ, encoded);
  }
  return encoded;
};
