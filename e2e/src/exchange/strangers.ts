import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import { SignedXml } from 'xml-crypto';
import { strangerCertificate, strangerKey } from './stranger-keys.js';

export const strangerIssuer = 'https://stranger.example';
export const samlIssuer = 'urn:stranger:idp';
export const recipient = 'https://app.stranger.example/acs';

const now = (): number => Math.floor(Date.now() / 1000);

/** Somebody whom a track trusts, and who signs whatever a test wants: of tokens in time Corsac itself makes only good ones. */
export class Strangers {
  private constructor(
    private readonly key: CryptoKey,
    private readonly jwk: JWK,
    private readonly otherKey: CryptoKey,
  ) {}

  static async make(): Promise<Strangers> {
    const [pair, other] = [await generateKeyPair('ES256'), await generateKeyPair('ES256')];
    return new Strangers(pair.privateKey, { ...(await exportJWK(pair.publicKey)), kid: 'stranger' }, other.privateKey);
  }

  /** A declarative file of the tenant `suspects`; JSON is YAML. */
  configuration(secrets: Readonly<Record<string, string>>): string {
    const jwt = { type: 'oauth2', update_state: 'manual', issuers: [strangerIssuer], jwks: { keys: [this.jwk] } };
    const saml = {
      type: 'saml2',
      user_authentication: false,
      update_state: 'manual',
      issuers: [samlIssuer],
      keys: [strangerCertificate],
      recipients: [recipient],
    };
    const exchanger = {
      type: 'oauth2',
      grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange'],
      resource_scopes: [{ resource: 'api', scopes: ['read'] }],
    };
    const allow_up_parties = ['jwt', 'saml', 'saml-kept'];
    const own = { secrets: [secrets['SUSPECTS_SECRET'] ?? ''] };
    const up_parties = [
      { ...jwt, name: 'jwt', sp_issuer: 'stranger-app' },
      { ...jwt, name: 'jwt-twin', sp_issuer: 'stranger-app' },
      { ...saml, name: 'saml', sp_issuer: 'urn:stranger:app' },
      { ...saml, name: 'saml-twin', sp_issuer: 'urn:stranger:app' },
      { ...saml, name: 'saml-kept', sp_issuer: 'urn:stranger:kept', one_use: false, accept_confirmed: true },
    ];
    const down_parties = [
      { ...exchanger, ...own, name: 'one', allow_up_parties },
      { ...exchanger, ...own, name: 'other', allow_up_parties },
      { ...exchanger, ...own, name: 'torn', allow_up_parties: ['jwt', 'jwt-twin', 'saml', 'saml-twin'] },
      {
        ...exchanger,
        name: 'keyed',
        allow_up_parties,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [this.jwk] },
      },
      { type: 'oauth2', name: 'api', resource: { scopes: ['read', 'write'] } },
    ];
    return JSON.stringify({ tenants: [{ name: 'suspects', tracks: [{ name: '-', up_parties, down_parties }] }] });
  }

  /** An access token of the stranger; members that are undefined are left out. */
  accessToken(parts: object = {}, { typ = 'at+jwt', byOther = false } = {}): Promise<string> {
    const claims = {
      iss: strangerIssuer,
      sub: 'u-1',
      aud: 'stranger-app',
      iat: now(),
      exp: now() + 600,
      jti: randomUUID(),
      ...parts,
    };
    return new SignJWT(JSON.parse(JSON.stringify(claims)) as JWTPayload)
      .setProtectedHeader({ alg: 'ES256', kid: 'stranger', typ })
      .sign(byOther ? this.otherKey : this.key);
  }

  /** The proof of the client `keyed`. RFC 7523 3. */
  clientAssertion(aud: string): Promise<string> {
    return new SignJWT({ iss: 'keyed', sub: 'keyed', aud, exp: now() + 60, jti: randomUUID() })
      .setProtectedHeader({ alg: 'ES256', kid: 'stranger' })
      .sign(this.key);
  }
}

/** What an assertion of the stranger says; times are seconds from now. */
export interface Said {
  readonly id?: string;
  readonly issuer?: string;
  readonly name_id?: string;
  readonly audience?: string;
  readonly recipient?: string;
  readonly not_before?: number;
  readonly not_on_or_after?: number;
  readonly confirmed_until?: number;
}

const time = (seconds: number): string => new Date((now() + seconds) * 1000).toISOString().replace(/\.\d+Z$/, 'Z');

/** An assertion that nobody signed. */
export const unsignedAssertion = (said: Said = {}): string => {
  const { id = `_${randomUUID()}`, issuer = samlIssuer, name_id = 'u-7', audience = 'urn:stranger:app' } = said;
  const { not_before = -5, not_on_or_after = 600, confirmed_until = 300 } = said;
  return `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" Version="2.0" IssueInstant="${time(Math.min(not_before, 0))}"><saml:Issuer>${issuer}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${name_id}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${time(confirmed_until)}" Recipient="${said.recipient ?? recipient}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${time(not_before)}" NotOnOrAfter="${time(not_on_or_after)}"><saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${time(Math.min(not_before, 0))}" SessionIndex="_s"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement></saml:Assertion>`;
};

const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/** Puts an enveloped signature behind the issuer of the root element, made with another library than ours. */
export const signXml = (xml: string): string => {
  const signing = new SignedXml({
    privateKey: strangerKey,
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: exclusive,
  });
  signing.addReference({
    xpath: '/*',
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', exclusive],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
  });
  const location = { reference: "/*/*[local-name(.)='Issuer']", action: 'after' } as const;
  signing.computeSignature(xml, { prefix: 'ds', location });
  return signing.getSignedXml();
};

export const signedAssertion = (said: Said = {}): string => signXml(unsignedAssertion(said));

export const base64url = (xml: string): string => Buffer.from(xml).toString('base64url');
