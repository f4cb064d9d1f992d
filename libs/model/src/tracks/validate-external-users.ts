import type { WrittenUpParty } from '../parties/up-party.js';
import { problem, type Problem } from '../problems/problem.js';
import type { ExternalUser } from '../users/external-user.js';

/** The up-party signs users in by records, and by the value that the record has. */
const upPartyFits = (user: ExternalUser, index: number, upParties: readonly WrittenUpParty[]): Problem[] => {
  const party = upParties.find(({ name }) => name === user.up_party);
  if (!party) return [problem([index, 'up_party'], `there is no up-party ${user.up_party}`)];
  const settings = 'link_external_user' in party ? party.link_external_user : undefined;
  if (!settings)
    return [
      problem(
        [index, 'up_party'],
        `up-party ${party.name} has no link_external_user`,
        'Without it no record is looked for.',
      ),
    ];
  return user.redemption_claim_value !== undefined && settings.redemption_claim_type === undefined
    ? [problem([index, 'redemption_claim_value'], `up-party ${party.name} has no redemption_claim_type`)]
    : [];
};

const repeated = (users: readonly ExternalUser[]): Problem[] => {
  const owner = new Map<string, number>();
  return users.flatMap((user, index) =>
    (['user_id', 'link_claim_value', 'redemption_claim_value'] as const).flatMap((field) => {
      const value = user[field];
      if (value === undefined) return [];
      const key = JSON.stringify([field, field === 'user_id' ? '' : user.up_party, value]);
      if (owner.has(key)) return [problem([index, field], `${value} belongs to another external user too`)];
      owner.set(key, index);
      return [];
    }),
  );
};

/** Tells what is wrong with the external users of a track; paths begin with the place in their list. */
export const checkExternalUsers = (users: readonly ExternalUser[], upParties: readonly WrittenUpParty[]): Problem[] => [
  ...users.flatMap((user, index) => upPartyFits(user, index, upParties)),
  ...repeated(users),
];
