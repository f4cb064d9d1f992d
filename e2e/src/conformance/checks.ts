import { createHash } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify, type JWTPayload } from 'jose';
import type { Answer, ModuleRun, Outcome } from './module-run.js';

/** Everything that a flow gave its application, each part checked. */
export interface Flow {
  readonly answer: Answer;
  /** ID token of the authorization endpoint, where the response type has one. */
  readonly frontIdToken?: JWTPayload & { readonly raw: string };
  /** ID token of the token endpoint. */
  readonly backIdToken?: JWTPayload & { readonly raw: string };
  /** Whichever came, the later one first. */
  readonly idToken?: JWTPayload & { readonly raw: string };
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly userinfo?: Readonly<Record<string, unknown>>;
}

const text = expect.any(String) as unknown;
const yes = expect.any(Boolean) as unknown;

/** OIDC Core 5.1: what the standard claims are, where they are there. */
const typeOfClaim: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(
    'sub name given_name family_name middle_name nickname preferred_username profile picture website email gender'
      .split(' ')
      .map((claim) => [claim, text]),
  ),
  birthdate: expect.stringMatching(/^\d{4}(-\d\d-\d\d)?$/) as unknown,
  zoneinfo: text,
  locale: text,
  phone_number: text,
  email_verified: yes,
  phone_number_verified: yes,
  updated_at: expect.any(Number) as unknown,
  address: expect.objectContaining({}) as unknown,
};

/** Standard claims have their types and are never empty. OIDC Core 5.1, 5.3.2. */
export const checkStandardClaims = (claims: Readonly<Record<string, unknown>>): void => {
  for (const [claim, value] of Object.entries(claims)) {
    expect([claim, value]).not.toEqual([claim, null]);
    expect([claim, value]).not.toEqual([claim, '']);
    if (claim in typeOfClaim) expect([claim, value]).toEqual([claim, typeOfClaim[claim]]);
  }
};

/** OIDC Core 3.1.3.6: the left half of the hash that the algorithm names; here always SHA-256. */
export const leftHalfHash = (value: string): string =>
  createHash('sha256').update(value).digest().subarray(0, 16).toString('base64url');

/** What an ID token must be wherever it comes from. OIDC Core 2, 3.1.3.7, 10.1. */
export const checkIdToken = async (
  run: ModuleRun,
  raw: string,
  sent: Answer['sent'],
): Promise<JWTPayload & { readonly raw: string }> => {
  const { metadata, client_id, keys, keySet } = run.provider;
  const header = decodeProtectedHeader(raw);
  expect(header).toMatchObject({ alg: 'RS256', kid: expect.any(String) as unknown });
  expect(keySet.keys.filter(({ kid }) => kid === header.kid)).toHaveLength(1);
  const { payload } = await jwtVerify(raw, keys, {
    issuer: metadata.issuer,
    audience: client_id,
    algorithms: ['RS256'],
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
    maxTokenAge: '1 minute',
  });
  expect([payload.aud].flat()).toEqual([client_id]);
  expect([undefined, client_id]).toContain(payload['azp']);
  expect(payload['nonce']).toBe(sent['nonce']);
  expect(payload.sub).toMatch(/^[\x20-\x7e]{1,255}$/);
  checkStandardClaims(payload);
  return { ...payload, raw };
};

/** The answer is the application's, for its request, from this provider, and in the mode that it asked. */
export const checkAnswer = (run: ModuleRun, outcome: Outcome): Answer => {
  if (!('answer' in outcome))
    throw new Error(`stays at ${outcome.page.url} (${outcome.page.status}): ${outcome.page.html.slice(0, 900)}`);
  const { answer } = outcome;
  expect({ via: answer.via, address: answer.address }).toEqual({ via: run.mode, address: run.redirect_uri });
  expect(answer.params.get('state')).toBe(answer.sent['state'] ?? null);
  expect(answer.params.get('iss')).toBe(run.provider.metadata.issuer);
  return answer;
};

/** A refusal that travelled to the application. RFC 6749 4.1.2.1, OIDC Core 3.1.2.6. */
export const checkRefusal = (run: ModuleRun, outcome: Outcome, errors: readonly string[]): Answer => {
  const answer = checkAnswer(run, outcome);
  const { params } = answer;
  expect(errors).toContain(params.get('error'));
  expect([...params.keys()].filter((name) => !/^(error|error_description|error_uri|state|iss)$/.test(name))).toEqual(
    [],
  );
  expect(params.get('error_description') ?? '').toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/);
  return answer;
};

/** A page that says what is wrong, for the picture that the suite asks for. */
export const checkErrorPage = (run: ModuleRun, outcome: Outcome, says: string): void => {
  if (!('page' in outcome)) throw new Error(`went to ${outcome.answer.address}`);
  const { page } = outcome;
  expect(page.url.startsWith(run.world.base)).toBe(true);
  expect(page.status).toBe(400);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.html).toContain(says);
};

const checkFrontIdToken = async (run: ModuleRun, answer: Answer) => {
  const raw = answer.params.get('id_token');
  if (!run.has('id_token')) {
    expect(raw).toBeNull();
    return undefined;
  }
  const claims = await checkIdToken(run, raw ?? '', answer.sent);
  const [code, access_token] = [answer.params.get('code'), answer.params.get('access_token')];
  // OIDC Core 3.2.2.10, 3.3.2.11: both are required when what they are made of comes along.
  expect(claims['c_hash']).toBe(code === null ? undefined : leftHalfHash(code));
  expect(claims['at_hash']).toBe(access_token === null ? undefined : leftHalfHash(access_token));
  return claims;
};

const checkFrontToken = (run: ModuleRun, { params }: Answer): string | undefined => {
  const access_token = params.get('access_token') ?? undefined;
  expect(access_token !== undefined).toBe(run.has('token'));
  if (access_token !== undefined) {
    expect(params.get('token_type')?.toLowerCase()).toBe('bearer');
    expect(Number(params.get('expires_in'))).toBeGreaterThan(0);
  }
  return access_token;
};

/** A good answer of the token endpoint. RFC 6749 5.1. */
export const checkTokens = async (response: Response): Promise<Record<string, string>> => {
  const body = (await response.json()) as Record<string, string>;
  expect([response.status, body]).toEqual([200, expect.objectContaining({ access_token: text })]);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(response.headers.get('cache-control')).toMatch(/(^|, *)no-store(,|$)/);
  expect(body['token_type']?.toLowerCase()).toBe('bearer');
  expect(body['expires_in']).toEqual(expect.any(Number));
  expect(body['access_token']).toMatch(/^[\x20-\x7e]+$/);
  expect(body['refresh_token'] ?? '').toMatch(/^[\x20-\x7e]*$/);
  return body;
};

/** A refusal of the token endpoint. RFC 6749 5.2. */
export const checkTokenError = async (response: Response, error: string): Promise<void> => {
  const body = (await response.json()) as Record<string, string>;
  expect([response.status, body['error']]).toEqual([400, error]);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(body['error_description'] ?? '').toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/);
};

/** A good answer of UserInfo. OIDC Core 5.3.2. */
export const checkUserInfo = async (
  response: Response,
  sub: string | undefined,
): Promise<Readonly<Record<string, unknown>>> => {
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  const claims = (await response.json()) as Record<string, unknown>;
  expect(claims['sub']).toEqual(sub ?? text);
  checkStandardClaims(claims);
  return claims;
};

/** Takes an answer all the way: both ID tokens, both access tokens, UserInfo with each, and that they speak of one user. */
export const complete = async (
  run: ModuleRun,
  outcome: Outcome,
  more: Readonly<Record<string, string>> = {},
): Promise<Flow> => {
  const answer = checkAnswer(run, outcome);
  expect(answer.params.get('error')).toBeNull();
  expect(answer.params.has('code')).toBe(run.has('code'));
  const frontIdToken = await checkFrontIdToken(run, answer);
  const frontToken = checkFrontToken(run, answer);
  const front = {
    answer,
    ...(frontIdToken && { frontIdToken, idToken: frontIdToken }),
    ...(frontToken !== undefined && {
      access_token: frontToken,
      userinfo: await checkUserInfo(await run.userinfo(frontToken), frontIdToken?.sub),
    }),
  };
  if (!run.has('code')) return front;
  const { access_token = '', refresh_token, id_token = '' } = await checkTokens(await run.redeem(answer, more));
  const backIdToken = await checkIdToken(run, id_token, answer.sent);
  // OIDC Core 3.3.3.6: both ID tokens are of one issuer, one user and one sign-in.
  if (frontIdToken)
    for (const claim of ['iss', 'sub', 'auth_time', 'sid']) expect(backIdToken[claim]).toEqual(frontIdToken[claim]);
  if (backIdToken['at_hash'] !== undefined) expect(backIdToken['at_hash']).toBe(leftHalfHash(access_token));
  const userinfo = await checkUserInfo(await run.userinfo(access_token), backIdToken.sub);
  return {
    ...front,
    backIdToken,
    idToken: backIdToken,
    access_token,
    userinfo,
    ...(refresh_token !== undefined && { refresh_token }),
  };
};

/** One whole flow of a request. */
export const flow = async (run: ModuleRun, changes: Parameters<ModuleRun['ask']>[0] = {}): Promise<Flow> =>
  complete(run, await run.ask(changes));
