import type { LoginUpParty } from '@corsac/model';
import type { IdentifierKinds } from '../pages/sign-in/identifier-page.js';
import type { IdentifierKind } from './user-store.js';

/** No identifier is longer; what is, is nobody's. */
export const longestIdentifier = 254;

const phoneLike = /^\+[0-9 ()\-.]{2,30}$/;

/** What somebody typed, as identifiers are kept: without blanks around it, lower case, phones without blanks inside. */
export const normalizeIdentifier = (typed: string): string => {
  const text = typed.normalize('NFC').trim().toLowerCase();
  return phoneLike.test(text) ? `+${text.replace(/[^0-9]/g, '')}` : text;
};

/** Does this up-party take identifiers of this kind? */
export const takesKind = (party: LoginUpParty, kind: IdentifierKind): boolean =>
  ({
    email: party.enable_email_identifier,
    phone: party.enable_phone_identifier,
    username: party.enable_username_identifier,
  })[kind];

/** The kinds that an up-party takes, as the pages name them. */
export const identifierKinds = (party: LoginUpParty): IdentifierKinds => {
  const letters = [
    party.enable_email_identifier && 'e',
    party.enable_phone_identifier && 'p',
    party.enable_username_identifier && 'u',
  ];
  return (letters.filter(Boolean).join('') || 'e') as IdentifierKinds;
};
