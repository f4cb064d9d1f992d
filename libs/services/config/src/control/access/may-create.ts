import { mayDo, readRights, type RightArea } from '@corsac/model';
import type { Caller } from '../api/operation.js';

/** Whether the caller may also make what a PUT finds missing. */
export const mayCreate = (
  { tenant, track, admin }: Pick<Caller, 'tenant' | 'track' | 'admin'>,
  area: RightArea,
): boolean =>
  [admin.scopes, admin.roles].every((rights) =>
    mayDo(readRights(rights), { tenant_is_master: tenant === 'master', area, verb: 'create', track }),
  );
