import {
  parseDownParty,
  parseUpParty,
  type DownParty,
  type Problem,
  type Track,
  type UpParty,
  type WrittenDownParty,
  type WrittenUpParty,
} from '@corsac/model';
import type { Outcome } from '@corsac/outcome';
import { showDownParty, showUpParty } from './shown.js';

/** What somebody sent for a party, unchecked but an object. */
export type SentParty = Readonly<Record<string, unknown>>;

/** What is the same about up-parties and down-parties for whoever administers them, told once for each. */
export interface PartyKind<Party extends { name: string; type: string }, Written> {
  readonly list: 'up_parties' | 'down_parties';
  /** As people name one: `up-party`. */
  readonly word: string;
  of(track: Track): readonly Party[];
  show(party: Party): object;
  /** Puts the secrets that are kept in the place of what stands for them in what was sent. */
  withSecrets(sent: SentParty, kept: Party | undefined): Outcome<SentParty, Problem[]>;
  parse(sent: SentParty): Outcome<Written, Problem[]>;
}

const isHint = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).every((key) => key === 'info');

/**
 * A secret towards a provider: a text is a new one, left out or as it was shown the kept one stays, null takes it away.
 * What a request says is sealed is never believed.
 */
export const sealedSecretOf = <Kept>(
  sent: unknown,
  kept: Kept | undefined,
  field: string,
): Outcome<unknown, Problem[]> => {
  if (sent === null) return { ok: true, value: undefined };
  if (sent === undefined || isHint(sent)) return { ok: true, value: kept };
  if (typeof sent === 'string') return { ok: true, value: sent };
  return {
    ok: false,
    error: [
      { path: [field], message: 'must be the secret as text', mend: 'Leave it out to keep the one that is there.' },
    ],
  };
};

export const upPartyKind: PartyKind<UpParty, WrittenUpParty> = {
  list: 'up_parties',
  word: 'up-party',
  of: (track) => track.up_parties,
  show: showUpParty,
  withSecrets: ({ client_secret, ...sent }, kept) => {
    if (sent['type'] !== 'oidc')
      return { ok: true, value: client_secret === undefined ? sent : { ...sent, client_secret } };
    const before = kept?.type === 'oidc' ? kept.client_secret : undefined;
    const secret = sealedSecretOf(client_secret, before, 'client_secret');
    if (!secret.ok) return secret;
    return { ok: true, value: secret.value === undefined ? sent : { ...sent, client_secret: secret.value } };
  },
  parse: parseUpParty,
};

const idsOf = (secrets: readonly unknown[]): unknown[] =>
  secrets.map((secret) => (typeof secret === 'object' && secret !== null && 'id' in secret ? secret.id : undefined));

const onlyTexts: Problem = {
  path: ['secrets'],
  message: 'of a new party must be texts; those of a party that is there are changed at its own address, .../secrets',
  mend: 'Leave it out.',
};

export const downPartyKind: PartyKind<DownParty, WrittenDownParty> = {
  list: 'down_parties',
  word: 'down-party',
  of: (track) => track.down_parties,
  show: showDownParty,
  withSecrets: ({ secrets, ...sent }, kept) => {
    if (sent['type'] !== 'oidc' && sent['type'] !== 'oauth2')
      return { ok: true, value: secrets === undefined ? sent : { ...sent, secrets } };
    const before = kept?.type === 'oidc' || kept?.type === 'oauth2' ? kept.secrets : undefined;
    const asSent: readonly unknown[] | undefined = Array.isArray(secrets) ? secrets : undefined;
    if (secrets !== undefined && !asSent)
      return { ok: false, error: [{ path: ['secrets'], message: 'must be a list' }] };
    if (!before) {
      const texts = asSent ?? [];
      return texts.every((secret) => typeof secret === 'string')
        ? { ok: true, value: { ...sent, secrets: texts } }
        : { ok: false, error: [onlyTexts] };
    }
    const isAsShown = !asSent || JSON.stringify(idsOf(asSent)) === JSON.stringify(before.map(({ id }) => id));
    return isAsShown ? { ok: true, value: { ...sent, secrets: before } } : { ok: false, error: [onlyTexts] };
  },
  parse: parseDownParty,
};
