/**
 * Tells whether an issuer is the track or an address of the named party, whatever binding it has. Every binding is an issuer of its
 * own, and a hint from any of them is accepted.
 * @param track address of the track, without trailing slash
 */
export const isIssuerOfParty = (issuer: string, track: string, party: string): boolean => {
  if (issuer === track) return true;
  if (!issuer.startsWith(`${track}/${party}`)) return false;
  const binding = issuer.slice(track.length + 1 + party.length);
  return /^(\([a-z0-9_,*-]+\)|~[a-z0-9_,*-]+~|\.[a-z0-9_,*-]+\.)?$/.test(binding);
};
