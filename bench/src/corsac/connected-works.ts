import { randomUUID } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { authorizationRequest, redemptionOf } from '../measure/code-flow.js';
import { call, tokenOf } from '../measure/http.js';
import { many, type Operation, type Work } from '../measure/measure.js';
import { Visitor, type Place } from '../measure/visitor.js';
import { password, secret, username } from '../setup.js';
import { connectedTrack, samlAcs, samlIssuer, type Alg } from './connected.js';

const ada = { username, password };

/** Users, keys and metadata come within moments after the start. */
const patiently = async (work: () => Promise<void>): Promise<void> => {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === 40) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
};

/** One sign-in after another, each in a new browser. */
const signIns = (name: string, base: string, signIn: (visitor: Visitor) => Promise<void>): Work => {
  const once = (): Promise<void> => signIn(new Visitor(base));
  const prepare = async (count: number): Promise<Operation[]> => {
    await patiently(once);
    return Array.from({ length: count }, () => once);
  };
  return { name, prepare };
};

/** Code and PKCE, the application's redemption included. */
const byCode =
  (base: string, track: string, binding: string) =>
  async (visitor: Visitor): Promise<void> => {
    const party = `${base}/bench/${track}/app(${binding})`;
    const { query, code_verifier } = authorizationRequest('openid email');
    const { url } = await visitor.signIn(`${party}/oauth/authorize?${query}`, ada);
    tokenOf(await call({ url: `${party}/oauth/token`, form: redemptionOf(url, code_verifier) }), 'id_token');
  };

/** An AuthnRequest by redirect (SAML Bindings 3.4). */
const samlRequest = (base: string, track: string, binding: string): string => {
  const destination = `${base}/bench/${track}/saml-app(${binding})/saml/authn`;
  const xml = `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_${randomUUID()}" Version="2.0" IssueInstant="${new Date().toISOString()}" Destination="${destination}" AssertionConsumerServiceURL="${samlAcs}"><saml:Issuer>${samlIssuer}</saml:Issuer></samlp:AuthnRequest>`;
  const query = new URLSearchParams({ SAMLRequest: deflateRawSync(xml).toString('base64'), RelayState: 'r' });
  return `${destination}?${query.toString()}`;
};

/** The assertion that a response brings to the application. */
const assertionIn = ({ url, form }: Place): string => {
  const xml = Buffer.from(form?.fields['SAMLResponse'] ?? '', 'base64').toString();
  const [, assertion] = /(<((?:\w+:)?Assertion)[\s>].*<\/\2>)/s.exec(xml) ?? [];
  if (url !== samlAcs || assertion === undefined || !xml.includes(ada.username))
    throw new Error(`no assertion about the user at ${url}: ${xml.slice(0, 300)}`);
  return assertion;
};

const bySaml =
  (base: string, track: string, binding: string) =>
  async (visitor: Visitor): Promise<void> => {
    assertionIn(await visitor.signIn(samlRequest(base, track, binding), ada));
  };

const exchanging = async (base: string, track: string): Promise<Operation> => {
  const assertion = assertionIn(await new Visitor(base).signIn(samlRequest(base, track, 'login'), ada));
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: Buffer.from(assertion).toString('base64url'),
    subject_token_type: 'urn:ietf:params:oauth:token-type:saml2',
    client_id: 'exchange',
    client_secret: secret,
    scope: 'api.read',
  };
  return async () => {
    tokenOf(await call({ url: `${base}/bench/${track}/exchange(trust)/oauth/token`, form }));
  };
};

/** Sign-ins through links and an interconnect, beside a direct one in the same tracks. */
export const linkWorks = (base: string, alg: Alg): Work[] => {
  const track = connectedTrack(alg);
  const named = alg.toLowerCase();
  return [
    signIns(`L0 sign-in, direct ${named}`, base, byCode(base, track, 'login')),
    signIns(`L1 sign-in, one link ${named}`, base, byCode(base, track, 'one')),
    signIns(`L3 sign-in, three links ${named}`, base, byCode(base, track, 'three')),
    signIns(`LO sign-in, OIDC interconnect ${named}`, base, byCode(base, track, 'interconnect')),
  ];
};

/** SAML: as identity provider, with an identity provider above, and the exchange of an assertion. */
export const samlWorks = (base: string, alg: Alg): Work[] => {
  const track = connectedTrack(alg);
  return [
    signIns('W6 SAML sign-in, as IdP', base, bySaml(base, track, 'login')),
    signIns('W6 SAML sign-in, by an IdP above', base, bySaml(base, track, 'saml')),
    {
      name: 'W6 SAML token exchange',
      prepare: (count) => many(count, () => exchanging(base, track)),
    },
  ];
};
