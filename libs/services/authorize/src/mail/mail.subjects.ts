import { Controller, Inject } from '@nestjs/common';
import { listMails } from '@corsac/contracts';
import { fail, ok } from '@corsac/outcome';
import { Answers } from '@corsac/service';
import type { z } from 'zod';
import type { MailOutbox } from './mail-outbox.js';

export const MAILS = Symbol('mails');

export interface MailSubjectsParts {
  readonly outbox: MailOutbox;
  readonly embedded: boolean;
}

/** What the outbox page of the embedded shape asks. */
@Controller()
export class MailSubjects {
  constructor(@Inject(MAILS) private readonly parts: MailSubjectsParts) {}

  @Answers(listMails)
  async list({ track, limit }: z.output<typeof listMails.request>) {
    if (!this.parts.embedded) return fail({ refusal: 'not_embedded' as const });
    return ok({ mails: await this.parts.outbox.list(track, limit) });
  }
}
