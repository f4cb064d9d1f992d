import { mayDo, readRights, type RightArea } from '@corsac/model';
import type { Caller } from '../../api/operation.js';

/**
 * What happens in one track may reach others of the tenant by links. Whoever calls is shown what is of the track that was asked
 * for, and of those of which the rights let the same be read.
 */
export const seesTrack = ({ tenant, track, admin }: Caller, area: RightArea): ((other: string) => boolean) => {
  const [scopes, roles] = [readRights(admin.scopes), readRights(admin.roles)];
  return (other) => {
    if (other === track) return true;
    const wanted = { tenant_is_master: tenant === 'master', area, verb: 'read' as const, track: other };
    return mayDo(scopes, wanted) && mayDo(roles, wanted);
  };
};
