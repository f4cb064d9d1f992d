import { Controller, Inject } from '@nestjs/common';
import {
  configurationChanged,
  importUsers,
  listLocks,
  listUsers,
  removeLock,
  removeUser,
  resetSecondFactor,
  type ChangedTrack,
  type KeptUser,
} from '@corsac/contracts';
import { fail, ok } from '@corsac/outcome';
import { Answers, HearsDurable } from '@corsac/service';
import type { z } from 'zod';
import type { GuessBrakes } from './brakes.js';
import type { ListedUser, UserPlace, UserStore } from './user-store.js';

export const USERS = Symbol('users');

export interface UserSubjectsParts {
  readonly users: UserStore;
  readonly brakes: GuessBrakes;
  readonly now: () => number;
  /** Ends elsewhere what disabled users still had. */
  readonly endNow: () => Promise<void>;
  /** Forgets what else is kept of users of a track that is no more. */
  readonly forgetTrack: (place: UserPlace) => Promise<void>;
}

const unknownUser = { refusal: 'unknown_user' as const };

/** A user without what only checks passwords and codes. */
const shown = (user: ListedUser): KeptUser => {
  const { password_hash, password_history: _history, totp_seed, recovery_codes: _codes, epoch: _epoch, ...rest } = user;
  return {
    ...rest,
    roles: [...rest.roles],
    claims: { ...rest.claims },
    has_password: password_hash !== undefined,
    has_second_factor: totp_seed !== undefined,
  };
};

/** What the config service asks and tells about users and tracks. */
@Controller()
export class UsersSubjects {
  constructor(@Inject(USERS) private readonly parts: UserSubjectsParts) {}

  @Answers(importUsers)
  async import({ tenant, track, users, seen }: z.output<typeof importUsers.request>) {
    const imported = await this.parts.users.import({ tenant, track }, users, this.parts.now(), seen);
    if (imported === 'changed_meanwhile') return fail({ refusal: imported });
    if ('taken' in imported)
      return fail({ refusal: 'identifier_taken' as const, detail: `${imported.taken} is another user's` });
    void this.parts.endNow();
    return ok(imported);
  }

  @Answers(listUsers)
  async list({ tenant, track, limit, ...page }: z.output<typeof listUsers.request>) {
    const users = await this.parts.users.list({ tenant, track }, { ...page, limit });
    const more = users.length === limit ? users.at(-1)?.user_id : undefined;
    return ok({ users: users.map(shown), ...(more !== undefined && { more }) });
  }

  @Answers(removeUser)
  async remove({ tenant, track, user_id }: z.output<typeof removeUser.request>) {
    if (!(await this.parts.users.remove({ tenant, track }, user_id))) return fail(unknownUser);
    void this.parts.endNow();
    return ok({});
  }

  @Answers(resetSecondFactor)
  async resetFactor({ tenant, track, user_id }: z.output<typeof resetSecondFactor.request>) {
    const wasReset = await this.parts.users.resetFactor({ tenant, track }, user_id, this.parts.now());
    return wasReset ? ok({}) : fail(unknownUser);
  }

  @Answers(listLocks)
  async locks({ tenant, track }: z.output<typeof listLocks.request>) {
    return ok({ locks: await this.parts.brakes.list({ tenant, track }) });
  }

  @Answers(removeLock)
  async unlock({ tenant, track, lock }: z.output<typeof removeLock.request>) {
    await this.parts.brakes.release({ tenant, track }, lock);
    return ok({});
  }

  @HearsDurable(configurationChanged, 'authorize')
  async changed({ tenant, track, removed }: ChangedTrack): Promise<void> {
    if (!removed) return;
    await this.parts.users.removeTrack({ tenant, track });
    await this.parts.forgetTrack({ tenant, track });
  }
}
