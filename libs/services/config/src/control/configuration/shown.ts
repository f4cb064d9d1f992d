import type { DownParty, SealedSecret, StoredSecret, Track, TrackSettings, UpParty } from '@corsac/model';

/** What may be shown of a secret that is kept sealed. */
const hint = ({ info }: SealedSecret) => ({ info });

/** What may be shown of a client's secret. */
export const showSecret = ({ id, info, created_at }: StoredSecret) => ({
  id,
  info,
  ...(created_at !== undefined && { created_at }),
});

/** An up-party as administrators see it: every setting, of secrets only the first characters. */
export const showUpParty = (party: UpParty): object =>
  party.type === 'oidc' && party.client_secret ? { ...party, client_secret: hint(party.client_secret) } : party;

/** A down-party as administrators see it. */
export const showDownParty = (party: DownParty): object =>
  party.type === 'oidc' || party.type === 'oauth2' ? { ...party, secrets: party.secrets.map(showSecret) } : party;

export const showSettings = (settings: TrackSettings): object => {
  const { mail } = settings;
  return mail?.smtp_password ? { ...settings, mail: { ...mail, smtp_password: hint(mail.smtp_password) } } : settings;
};

/** A track by itself; its parties have addresses of their own. */
export const showTrack = ({ name, display_name, note, settings }: Track): object => ({
  name,
  ...(display_name !== undefined && { display_name }),
  ...(note !== undefined && { note }),
  settings: showSettings(settings),
});
