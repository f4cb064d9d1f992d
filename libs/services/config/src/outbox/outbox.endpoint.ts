import { Controller, Get, Inject, Req } from '@nestjs/common';
import { listMails, type Bus } from '@corsac/contracts';
import { sendHtml, sendText, type HttpAnswer, type HttpRequest } from '@corsac/http';
import { outboxPage, outboxStyleHash } from './outbox-page.js';

export const OUTBOX_BUS = Symbol('bus of the outbox page');

/** `/outbox`: mails that nobody sends, where everything runs in one process. */
@Controller()
export class OutboxEndpoint {
  constructor(@Inject(OUTBOX_BUS) private readonly bus: Bus) {}

  @Get('outbox')
  async show(@Req() request: HttpRequest): Promise<HttpAnswer> {
    const mails = await this.bus.ask(listMails, { limit: 100 }, request.messageContext);
    if (!mails.ok)
      return sendText('The mails cannot be read just now.', { status: 503, headers: { 'retry-after': '2' } });
    return sendHtml(outboxPage(mails.value.mails), { policy: { style_hashes: [outboxStyleHash], form_targets: [] } });
  }
}
