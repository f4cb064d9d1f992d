import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigCache, configNoticeSubjects } from '@corsac/config-cache';
import { background, outboxPublisher, type ServiceParts } from '@corsac/service';
import { ExpirySweep } from './expiry/sweep.js';
import { PruneLogouts } from './expiry/prune.js';
import { BackChannelLogout } from './logout/back-channel.js';
import { EndSession } from './logout/end.js';
import { ReportFrontChannel } from './logout/report.js';
import { SessionSubjects } from './session.subjects.js';
import { FindSessions } from './sessions/find.js';
import { SessionStore } from './sessions/session-store.js';
import { StartSession } from './sessions/start.js';
import { UseSession } from './sessions/use.js';
import { SESSION_STEPS, type SessionSteps } from './steps.js';
import { PostgresLogoutStore } from './store/postgres-logout-store.js';

/** Milliseconds between two looks for sessions whose time is over. */
const sweepMs = 5_000;
const pruneMs = 600_000;

@Module({})
class SessionModule {}

/** Every part of the session service, top to bottom. */
export const sessionModule = (parts: ServiceParts): DynamicModule => {
  const { bus, logger, outbound } = parts;
  const now = (): number => Math.floor(parts.clock.nowMs() / 1000);
  const config = new ConfigCache({ bus, nowMs: () => parts.clock.nowMs() });
  const sessions = new SessionStore(parts.items, now);
  // Of a sign-in, the browser hears when the authorize service has waited for all that it changed.
  const ofSignIn = new SessionStore(parts.items.relaxed, now);
  const logouts = new PostgresLogoutStore(parts.database);
  const end = new EndSession({ sessions, logouts, config, bus, now });
  const steps: SessionSteps = {
    start: new StartSession(ofSignIn, now, (session, context) => end.endOne(session, 'replaced', context)),
    use: new UseSession(ofSignIn, now),
    find: new FindSessions(sessions, now),
    end,
    report: new ReportFrontChannel(logouts, now),
    logouts,
    backChannel: new BackChannelLogout({ logouts, bus, config, outbound, now }),
  };
  const sweep = new ExpirySweep(sessions, end, now, logger);
  const work = background(
    config,
    outboxPublisher(parts),
    { start: () => sweep.start(sweepMs), stop: () => sweep.stop() },
    new PruneLogouts({ logouts, now, logger, everyMs: pruneMs }),
  );
  return {
    module: SessionModule,
    controllers: [SessionSubjects, configNoticeSubjects('session', config)],
    providers: [{ provide: SESSION_STEPS, useValue: steps }, work],
  };
};
