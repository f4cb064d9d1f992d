import type { BackChannelLogout } from './logout/back-channel.js';
import type { EndSession } from './logout/end.js';
import type { LogoutStore } from './logout/logout-store.js';
import type { ReportFrontChannel } from './logout/report.js';
import type { FindSessions } from './sessions/find.js';
import type { StartSession } from './sessions/start.js';
import type { UseSession } from './sessions/use.js';

/** The steps behind the session service's subjects, made in its module. */
export interface SessionSteps {
  readonly start: StartSession;
  readonly use: UseSession;
  readonly find: FindSessions;
  readonly end: EndSession;
  readonly report: ReportFrontChannel;
  readonly logouts: LogoutStore;
  readonly backChannel: BackChannelLogout;
}

export const SESSION_STEPS = Symbol('session steps');
