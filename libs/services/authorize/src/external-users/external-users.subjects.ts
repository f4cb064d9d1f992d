import { Controller, Inject } from '@nestjs/common';
import { importExternalUsers, listExternalUsers, removeExternalUser, unlinkExternalUser } from '@corsac/contracts';
import { fail, ok } from '@corsac/outcome';
import { Answers } from '@corsac/service';
import type { z } from 'zod';
import type { ExternalUserStore } from './external-user-store.js';

export const EXTERNAL_USERS = Symbol('external users');

export interface ExternalUserSubjectsParts {
  readonly records: ExternalUserStore;
  readonly now: () => number;
  /** Ends elsewhere what stood on disabled, removed and unlinked records. */
  readonly endNow: () => Promise<void>;
}

/** What the config service asks and tells about records of external users. */
@Controller()
export class ExternalUsersSubjects {
  constructor(@Inject(EXTERNAL_USERS) private readonly parts: ExternalUserSubjectsParts) {}

  @Answers(importExternalUsers)
  async import({ tenant, track, users, seen }: z.output<typeof importExternalUsers.request>) {
    const imported = await this.parts.records.import({ tenant, track }, users, this.parts.now(), seen);
    if (imported === 'changed_meanwhile') return fail({ refusal: imported });
    if ('taken' in imported)
      return fail({ refusal: 'value_taken' as const, detail: 'a value of them is another external user’s' });
    void this.parts.endNow();
    return ok(imported);
  }

  @Answers(listExternalUsers)
  async list({ tenant, track, limit, ...page }: z.output<typeof listExternalUsers.request>) {
    const users = await this.parts.records.list({ tenant, track }, { ...page, limit });
    const more = users.length === limit ? users.at(-1)?.user_id : undefined;
    return ok({
      users: users.map(({ claims, ...user }) => ({ ...user, claims: { ...claims } })),
      ...(more !== undefined && { more }),
    });
  }

  @Answers(removeExternalUser)
  async remove({ tenant, track, user_id }: z.output<typeof removeExternalUser.request>) {
    if (!(await this.parts.records.remove({ tenant, track }, user_id)))
      return fail({ refusal: 'unknown_user' as const });
    void this.parts.endNow();
    return ok({});
  }

  @Answers(unlinkExternalUser)
  async unlink({ tenant, track, user_id }: z.output<typeof unlinkExternalUser.request>) {
    const done = await this.parts.records.unlink({ tenant, track }, user_id, this.parts.now());
    if (done !== 'unlinked') return fail({ refusal: done });
    void this.parts.endNow();
    return ok({});
  }
}
