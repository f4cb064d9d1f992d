import { useParams } from 'react-router';
import { pathOf } from '../api/control-api.js';

/** The tenant and the track that the address names. */
export const usePlace = (): { tenant: string; track: string; base: string } => {
  const { tenant = '', track = '-' } = useParams();
  return { tenant, track, base: pathOf(tenant, track) };
};

/**
 * Where the same is in another track: a list stays a list and a form for something new stays open; a thing of this track is not in
 * another one, so its list is shown.
 * @param path within the console, such as `/acme/-/parties/up/new/oidc`
 */
export const sameInTrack = (path: string, track: string): string => {
  const [, tenant = '', , tab = 'parties', kind = '', ...rest] = path.split('/');
  const kept = rest[0] === 'new' ? [kind, ...rest] : kind === '' ? [] : [kind];
  return `/${[tenant, encodeURIComponent(track), tab, ...kept].join('/')}`;
};
