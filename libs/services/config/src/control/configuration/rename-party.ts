import type { DownParty, Track, UpParty } from '@corsac/model';

const renamed = (names: readonly string[], from: string, to: string): string[] =>
  names.map((name) => (name === from ? to : name));

const downWith = (party: DownParty, list: 'up_parties' | 'down_parties', from: string, to: string): DownParty => {
  if (list === 'up_parties') return { ...party, allow_up_parties: renamed(party.allow_up_parties, from, to) };
  const own = party.name === from ? { ...party, name: to } : party;
  if (own.type !== 'oidc' && own.type !== 'oauth2') return own;
  const resource_scopes = own.resource_scopes.map((each) =>
    each.resource === from ? { ...each, resource: to } : each,
  );
  return { ...own, resource_scopes };
};

const upWith = (party: UpParty, list: 'up_parties' | 'down_parties', from: string, to: string): UpParty => {
  if (list === 'up_parties') return party.name === from ? { ...party, name: to } : party;
  return party.type === 'saml2' && party.idp_initiated_party === from ? { ...party, idp_initiated_party: to } : party;
};

/**
 * Gives a party another name, and all that names it within its track. Who names it from outside (applications, providers, the
 * other end of a track link) has to be told by people: its addresses have changed.
 */
export const renameParty = (
  track: Track,
  list: 'up_parties' | 'down_parties',
  from: string,
  to: string,
): { readonly track: Track; readonly removed: { readonly [List in typeof list]?: readonly string[] } } => ({
  track: {
    ...track,
    up_parties: track.up_parties.map((party) => upWith(party, list, from, to)),
    down_parties: track.down_parties.map((party) => downWith(party, list, from, to)),
  },
  removed: { [list]: [from] },
});
