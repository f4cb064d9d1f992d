import { claimsOf } from './encode.js';

/** Tokens of one administrator of one tenant. */
export interface Tokens {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token: string;
  /** Unix seconds. */
  readonly expires_at: number;
}

/** What a sign-in that has begun must find again when the browser comes back. */
export interface Pending {
  readonly tenant: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Path within the console to go on at. */
  readonly back: string;
}

/** What the token endpoint answers, RFC 6749 5.1. */
export interface TokenAnswer {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly expires_in: number;
}

/** Tokens as an answer leaves them: what it does not renew stays. */
export const tokensOf = (answer: TokenAnswer, before: Partial<Tokens>, now: number): Tokens => ({
  access_token: answer.access_token,
  refresh_token: answer.refresh_token ?? before.refresh_token,
  id_token: answer.id_token ?? before.id_token ?? '',
  expires_at: now + answer.expires_in,
});

/** Seconds before its end at which a token is renewed: calls take time, and clocks differ. */
const margin = 30;

export const isFresh = ({ expires_at }: Tokens, now: number): boolean => expires_at - margin > now;

/** Who is signed in. */
export interface Person {
  readonly sub: string;
  readonly name: string;
  readonly roles: readonly string[];
}

const texts = (value: unknown): string[] =>
  [value].flat().filter((one): one is string => typeof one === 'string' && one !== '');

/** The person that tokens speak of. Roles only say which buttons are worth pressing. */
export const personOf = ({ access_token, id_token }: Tokens): Person => {
  const [access, id] = [claimsOf(access_token), claimsOf(id_token)];
  const [name = ''] = [id['name'], id['email'], access['name'], access['email'], access['sub']].flatMap(texts);
  return { sub: String(access['sub'] ?? ''), name, roles: texts(access['role']) };
};

const read = <T>(key: string): T | undefined => {
  const text = sessionStorage.getItem(key);
  return text === null ? undefined : (JSON.parse(text) as T);
};

const tokensKey = (tenant: string): string => `corsac.tokens.${tenant}`;
const pendingKey = 'corsac.pending';

/** Tokens live as long as the tab: nothing is left for whoever opens the browser next. */
export const tokenMemory = {
  read: (tenant: string): Tokens | undefined => read<Tokens>(tokensKey(tenant)),
  keep: (tenant: string, tokens: Tokens): void => sessionStorage.setItem(tokensKey(tenant), JSON.stringify(tokens)),
  forget: (tenant: string): void => sessionStorage.removeItem(tokensKey(tenant)),
  begin: (pending: Pending): void => sessionStorage.setItem(pendingKey, JSON.stringify(pending)),
  /** A state is good once. */
  takePending: (): Pending | undefined => {
    const pending = read<Pending>(pendingKey);
    sessionStorage.removeItem(pendingKey);
    return pending;
  },
};
