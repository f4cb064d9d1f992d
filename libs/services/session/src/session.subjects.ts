import { Controller, Inject } from '@nestjs/common';
import {
  endSession,
  findSessions,
  listEnded,
  listLogoutJobs,
  logoutWanted,
  reportFrontChannel,
  startSession,
  useSession,
  type DeliveryInfo,
  type MessageContext,
} from '@corsac/contracts';
import { ok } from '@corsac/outcome';
import { Answers, HearsDurable } from '@corsac/service';
import type { z } from 'zod';
import { SESSION_STEPS, type SessionSteps } from './steps.js';

type Asked<Q extends { request: z.ZodType }> = z.output<Q['request']>;

/** What the other services may ask of sessions and logouts. */
@Controller()
export class SessionSubjects {
  constructor(@Inject(SESSION_STEPS) private readonly steps: SessionSteps) {}

  @Answers(startSession)
  start(request: Asked<typeof startSession>, context: MessageContext) {
    return this.steps.start.start(request, context);
  }

  @Answers(useSession)
  use(request: Asked<typeof useSession>) {
    return this.steps.use.use(request);
  }

  @Answers(findSessions)
  async find(request: Asked<typeof findSessions>) {
    return ok({ sessions: await this.steps.find.find(request) });
  }

  @Answers(endSession)
  async end(request: Asked<typeof endSession>, context: MessageContext) {
    return ok(await this.steps.end.end(request, context));
  }

  @Answers(reportFrontChannel)
  report(request: Asked<typeof reportFrontChannel>) {
    return this.steps.report.report(request);
  }

  @Answers(listLogoutJobs)
  async jobs({ tenant, track, ...page }: Asked<typeof listLogoutJobs>) {
    return ok(await this.steps.logouts.jobs({ tenant, track }, page));
  }

  @Answers(listEnded)
  async ended(page: Asked<typeof listEnded>) {
    return ok(await this.steps.logouts.ended(page));
  }

  @HearsDurable(logoutWanted, 'session')
  tell(wanted: z.output<typeof logoutWanted.payload>, delivery: DeliveryInfo) {
    return this.steps.backChannel.tell(wanted, delivery, logoutWanted.max_deliveries);
  }
}
