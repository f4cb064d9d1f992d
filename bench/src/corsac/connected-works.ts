import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { call, expectStatus, jsonOf } from '../measure/http.js';
import type { Operation, Work } from '../measure/measure.js';
import { passwordHashSeconds } from '../measure/password-hash.js';
import { connectedTrack, samlAcs, samlIssuer, type Alg } from './connected.js';
import { callback, password, secret } from './setup.js';
import { Visitor, type Place } from './visitor.js';

const ada = { username: 'ada@example.com', password };

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

/** One sign-in after another, each in a new browser; the work tells how many browser requests each took. */
const signIns = (name: string, base: string, signIn: (visitor: Visitor) => Promise<void>): Work => {
  let requests = 0;
  const once = async (): Promise<void> => {
    const visitor = new Visitor(base);
    await signIn(visitor);
    requests = visitor.requests;
  };
  const prepare = async (count: number): Promise<Operation[]> => {
    await patiently(once);
    return Array.from({ length: count }, () => once);
  };
  return { name, prepare, less: passwordHashSeconds, browserRequests: () => requests };
};

/** Code and PKCE, the application's redemption included. */
const byCode =
  (base: string, track: string, binding: string) =>
  async (visitor: Visitor): Promise<void> => {
    const party = `${base}/bench/${track}/app(${binding})`;
    const code_verifier = randomBytes(32).toString('base64url');
    const asked = new URLSearchParams({
      client_id: 'app',
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid email',
      state: 's',
      nonce: 'n',
      login_hint: ada.username,
      code_challenge: createHash('sha256').update(code_verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const { url } = await visitor.signIn(`${party}/oauth/authorize?${asked.toString()}`, ada);
    const code = new URL(url).searchParams.get('code');
    if (!code) throw new Error(`no code in ${url}`);
    const redeemed = await call({
      url: `${party}/oauth/token`,
      form: {
        grant_type: 'authorization_code',
        code,
        redirect_uri: callback,
        client_id: 'app',
        client_secret: secret,
        code_verifier,
      },
    });
    if (typeof jsonOf(expectStatus(redeemed, 200))['id_token'] !== 'string') throw new Error('there is no ID token');
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
    const reply = await call({ url: `${base}/bench/${track}/exchange(trust)/oauth/token`, form });
    if (typeof jsonOf(expectStatus(reply, 200))['access_token'] !== 'string')
      throw new Error('there is no access token');
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
      prepare: async (count) => {
        const operations: Operation[] = [];
        for (let index = 0; index < count; index += 1) operations.push(await exchanging(base, track));
        return operations;
      },
    },
  ];
};
