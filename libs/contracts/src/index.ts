export { durableEvent, event, question, serviceNames } from './contract/contract.js';
export type { BusEvent, Contract, Delivery, DurableEvent, Question, ServiceName } from './contract/contract.js';
export type { Answer, Asked, Bus, DeliveryInfo, MessageContext, Refused, Unavailable } from './contract/bus.js';
export { deadLetter, deadLettered, type DeadLetter } from './contract/dead-letter.js';
export { durableEvents, events, questions } from './registry.js';
export { consumerOf, deadLetterSubject, inboxPrefix, storedSubject, streamOf } from './permissions/names.js';
export { busUsers, type BusUser, type Contracts, type PermissionOptions } from './permissions/permissions.js';
export {
  maxQuestionsPerMessage,
  natsAccounts,
  passwordVariable,
  type AccountsOptions,
} from './permissions/nats-accounts.js';
export {
  importExternalUsers,
  keptExternalUser,
  listExternalUsers,
  removeExternalUser,
  seenExternalUser,
  unlinkExternalUser,
  type KeptExternalUser,
  type SeenExternalUser,
} from './authorize/external-users.js';
export { importUsers } from './authorize/import-users.js';
export { listLocks, lock, removeLock, type Lock } from './authorize/locks.js';
export { listMails, writtenMail, type WrittenMail } from './authorize/list-mails.js';
export { journey, journeyEvent, listJourneys, type Journey, type JourneyEvent } from './authorize/journey.js';
export { trackLinkAnswered, trackLinkRequested } from './authorize/track-link.js';
export {
  keptUser,
  listUsers,
  removeUser,
  resetSecondFactor,
  seenUser,
  type KeptUser,
  type SeenUser,
} from './authorize/users.js';
export {
  changedTrack,
  configurationChanged,
  configurationChangedNotice,
  listChanges,
  type ChangedTrack,
} from './config/configuration-changed.js';
export { readTrack } from './config/read-track.js';
export { renewedFingerprint, renewFingerprints, type RenewedFingerprint } from './config/renew-fingerprints.js';
export {
  endSession,
  frontChannelCall,
  logoutCauses,
  type FrontChannelCall,
  type LogoutCause,
} from './session/end-session.js';
export { findSessions } from './session/find-session.js';
export {
  listLogoutJobs,
  logoutJob,
  logoutReceipt,
  logoutWanted,
  reportFrontChannel,
  type LogoutJob,
} from './session/logout-job.js';
export {
  endedSession,
  listEnded,
  sessionEnded,
  sessionEndedNotice,
  type EndedSession,
} from './session/session-ended.js';
export { reachedParty, session, sessionLifetimes, signedInUser, upstreamSession } from './session/session.js';
export type { ReachedParty, Session, SessionLifetimes, SignedInUser, UpstreamSession } from './session/session.js';
export { sessionToStart, startSession, type SessionToStart } from './session/start-session.js';
export { useSession } from './session/use-session.js';
export { decideDeviceRequest, findDeviceRequest } from './token/device.js';
export { endGrants, keysChangedNotice, listGrants, tokensRevokedNotice } from './token/end-grants.js';
export { authorizationGrant, issueCode, type AuthorizationGrant } from './token/issue-code.js';
export { decryptSamlKey, readTrackKeys, rotateKeys, signLogoutToken, signSaml, signUpstreamJwt } from './token/sign.js';
export { signSamlLogout } from './token/sign-saml-logout.js';
export { takePushedRequest } from './token/take-pushed-request.js';
export { verifyIdTokenHint } from './token/verify-id-token-hint.js';
