import { Controller, Inject } from '@nestjs/common';
import { configurationChanged, importUsers, type ChangedTrack } from '@corsac/contracts';
import { fail, ok } from '@corsac/outcome';
import { Answers, HearsDurable } from '@corsac/service';
import type { z } from 'zod';
import type { UserStore } from './user-store.js';

export const USERS = Symbol('users');

export interface UserSubjectsParts {
  readonly users: UserStore;
  readonly now: () => number;
  /** Ends elsewhere what disabled users still had. */
  readonly endNow: () => Promise<void>;
}

/** What the config service tells about users and tracks. */
@Controller()
export class UsersSubjects {
  constructor(@Inject(USERS) private readonly parts: UserSubjectsParts) {}

  @Answers(importUsers)
  async import({ tenant, track, users }: z.output<typeof importUsers.request>) {
    const imported = await this.parts.users.import({ tenant, track }, users, this.parts.now());
    if ('taken' in imported)
      return fail({ refusal: 'identifier_taken' as const, detail: `${imported.taken} is another user's` });
    void this.parts.endNow();
    return ok(imported);
  }

  @HearsDurable(configurationChanged, 'authorize')
  async changed({ tenant, track, removed }: ChangedTrack): Promise<void> {
    if (removed) await this.parts.users.removeTrack({ tenant, track });
  }
}
