import {
  importExternalUsers,
  listExternalUsers,
  removeExternalUser,
  unlinkExternalUser,
} from './authorize/external-users.js';
import { importUsers } from './authorize/import-users.js';
import { listJourneys } from './authorize/journey.js';
import { listLocks, removeLock } from './authorize/locks.js';
import { listMails } from './authorize/list-mails.js';
import { trackLinkAnswered, trackLinkRequested } from './authorize/track-link.js';
import { listUsers, removeUser, resetSecondFactor } from './authorize/users.js';
import { configurationChanged, configurationChangedNotice, listChanges } from './config/configuration-changed.js';
import { readTrack } from './config/read-track.js';
import { renewFingerprints } from './config/renew-fingerprints.js';
import type { BusEvent, DurableEvent, Question } from './contract/contract.js';
import { endSession } from './session/end-session.js';
import { findSessions } from './session/find-session.js';
import { listLogoutJobs, logoutWanted, reportFrontChannel } from './session/logout-job.js';
import { listEnded, sessionEnded, sessionEndedNotice } from './session/session-ended.js';
import { startSession } from './session/start-session.js';
import { useSession } from './session/use-session.js';
import { decideDeviceRequest, findDeviceRequest } from './token/device.js';
import { endGrants, keysChangedNotice, listGrants, tokensRevokedNotice } from './token/end-grants.js';
import { issueCode } from './token/issue-code.js';
import { decryptSamlKey, readTrackKeys, rotateKeys, signLogoutToken, signSaml, signUpstreamJwt } from './token/sign.js';
import { signSamlLogout } from './token/sign-saml-logout.js';
import { takePushedRequest } from './token/take-pushed-request.js';
import { verifyIdTokenHint } from './token/verify-id-token-hint.js';

/** Every question of the system: what NATS permissions are generated from, and what a subject may be. */
export const questions = [
  importUsers,
  importExternalUsers,
  listExternalUsers,
  removeExternalUser,
  unlinkExternalUser,
  listJourneys,
  listMails,
  listLocks,
  removeLock,
  listUsers,
  removeUser,
  resetSecondFactor,
  readTrack,
  renewFingerprints,
  listChanges,
  endSession,
  findSessions,
  listLogoutJobs,
  reportFrontChannel,
  listEnded,
  startSession,
  useSession,
  decideDeviceRequest,
  findDeviceRequest,
  endGrants,
  listGrants,
  issueCode,
  decryptSamlKey,
  readTrackKeys,
  rotateKeys,
  signLogoutToken,
  signSaml,
  signSamlLogout,
  signUpstreamJwt,
  takePushedRequest,
  verifyIdTokenHint,
] as const satisfies readonly Question<unknown, unknown, string>[];

export const events = [
  trackLinkRequested,
  trackLinkAnswered,
  configurationChangedNotice,
  sessionEndedNotice,
  tokensRevokedNotice,
  keysChangedNotice,
] as const satisfies readonly BusEvent<unknown>[];

export const durableEvents = [
  configurationChanged,
  sessionEnded,
  logoutWanted,
] as const satisfies readonly DurableEvent<unknown>[];
