import { Controller } from '@nestjs/common';
import {
  endGrants,
  listGrants,
  sessionEnded,
  sessionEndedNotice,
  tokensRevokedNotice,
  type Answer,
  type EndedSession,
} from '@corsac/contracts';
import { fail, ok } from '@corsac/outcome';
import { Answers, Hears, HearsDurable } from '@corsac/service';
import type { z } from 'zod';
import { EndedMemory } from '../ended/ended-memory.js';
import { Endings } from '../ended/endings.js';
import { rememberEndedSessions } from '../ended/read-ended-sessions.js';
import { GrantLists } from './list-grants.js';

@Controller()
export class GrantsSubjects {
  constructor(
    private readonly endings: Endings,
    private readonly memory: EndedMemory,
    private readonly lists: GrantLists,
  ) {}

  @Answers(endGrants)
  async end(
    request: z.infer<typeof endGrants.request>,
  ): Promise<Answer<z.infer<typeof endGrants.response>, 'nothing_named'>> {
    const { tenant, track, ...filter } = request;
    const isNamed = Object.values(filter).some((value) => value !== undefined);
    if (!isNamed) return fail({ refusal: 'nothing_named' });
    return ok({ ended: await this.endings.endGrants({ tenant, track }, filter) });
  }

  @Answers(listGrants)
  async list(request: z.infer<typeof listGrants.request>): Promise<Answer<z.infer<typeof listGrants.response>, never>> {
    return ok(await this.lists.page(request));
  }

  /** Logout ends what the session has granted; its mere expiry does not. Idempotent: a `sid` never comes back. */
  @HearsDurable(sessionEnded, 'token')
  async sessionEnded(ended: EndedSession): Promise<void> {
    rememberEndedSessions(this.memory, [ended]);
    if (ended.cause !== 'expired') await this.endings.endGrants(ended, { sid: ended.sid });
  }

  @Hears(sessionEndedNotice, 'token')
  async sessionEndedNotice({ ended }: { ended: EndedSession[] }): Promise<void> {
    rememberEndedSessions(this.memory, ended);
  }

  @Hears(tokensRevokedNotice, 'token')
  async tokensRevoked({ revoked }: z.infer<typeof tokensRevokedNotice.payload>): Promise<void> {
    for (const thing of revoked) this.memory.remember(thing);
  }
}
