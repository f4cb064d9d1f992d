import type { Json } from '../form/schema.js';
import { asObject } from '../form/schema.js';

/** A user of the track as the API shows one. */
export interface User extends Json {
  readonly user_id: string;
  readonly email?: string;
  readonly username?: string;
  readonly phone?: string;
  readonly disabled?: boolean;
  readonly has_second_factor?: boolean;
  readonly claims?: Json;
}

/** What is known of somebody whom another provider signs in. */
export interface ExternalUser extends Json {
  readonly user_id: string;
  readonly up_party: string;
  readonly link_claim_value?: string;
  readonly redemption_claim_value?: string;
  readonly disabled?: boolean;
  readonly claims?: Json;
}

const nameIn = (claims: unknown): string | undefined => {
  const { name } = asObject(claims);
  return typeof name === 'string' && name !== '' ? name : undefined;
};

/** What a user signs in with. */
export const identifiersOf = ({ email, username, phone }: User): string[] =>
  [email, username, phone].filter((text): text is string => text !== undefined);

/** What people call a user. */
export const userTitle = (user: User): string => nameIn(user.claims) ?? identifiersOf(user)[0] ?? user.user_id;

export const externalTitle = (user: ExternalUser): string =>
  nameIn(user.claims) ?? user.link_claim_value ?? user.redemption_claim_value ?? user.user_id;

/** What the API shows and takes no notice of when it is sent. */
export const onlyShown = [
  'has_password',
  'has_second_factor',
  'password_changed',
  'last_sign_in',
  'expires',
  'created',
  'updated',
];

export const withoutShown = (body: Json): Json =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !onlyShown.includes(name)));
