export {
  isName,
  isReservedName,
  masterName,
  maxNameLength,
  nameSchema,
  realmNameSchema,
  reservedNames,
} from './names/names.js';
export { fieldName, problem, problemsOf, under } from './problems/problem.js';
export type { Problem } from './problems/problem.js';
export { claimLimits, everyClaim, jsonSchema } from './claims/claims.js';
export type { Claims, Json } from './claims/claims.js';
export { claimTransformsSchema, inOrder } from './claims/transform-schema.js';
export type { ClaimTransform } from './claims/transform-schema.js';
export {
  hashText,
  hashTextSchema,
  passwordInputSchema,
  sealableInputSchema,
  sealedSecretSchema,
} from './secrets/secret.js';
export { readPasswordHash, type Argon2Cost, type PasswordHash } from './secrets/password-hash.js';
export { secretInfo, secretInputSchema, storedSecretSchema } from './secrets/secret.js';
export type { PasswordInput, SealableInput, SealedSecret, SecretInput, StoredSecret } from './secrets/secret.js';
export { bindingStyleSchema } from './parties/party.js';
export type { BindingStyle } from './parties/party.js';
export { canSignInUsers, upPartySchema, writtenUpPartySchema } from './parties/up-party.js';
export type {
  LoginUpParty,
  OAuth2UpParty,
  OidcUpParty,
  Saml2UpParty,
  TrackLinkUpParty,
  UpParty,
} from './parties/up-party.js';
export type { UpPartyInput, UpPartyType, WrittenUpParty } from './parties/up-party.js';
export { storedDownPartySchema, writtenDownPartySchema } from './parties/down-party.js';
export type {
  DownParty,
  DownPartyInput,
  DownPartyType,
  ParsedDownParty,
  WrittenDownParty,
} from './parties/down-party.js';
export type { OAuth2DownParty, OidcDownParty, Saml2DownParty, TrackLinkDownParty } from './parties/down-party.js';
export { maxSecrets } from './parties/down/client.js';
export type { ClientScope, IssueClaim, Resource, ResourceScope } from './parties/down/client.js';
export { completeDownParty, isClient, isResource } from './parties/complete.js';
export { defaultScopes } from './parties/default-scopes.js';
export { defaultTrackSettings, trackSettingsSchema, writtenTrackSettingsSchema } from './tracks/settings.js';
export type { TrackSettings, WrittenTrackSettings } from './tracks/settings.js';
export { tenantSchema, trackLimits } from './tracks/track.js';
export type { Tenant, Track, WrittenTrack } from './tracks/track.js';
export { externalClaimFault, externalUserSchema, longestLinkValue } from './users/external-user.js';
export type { ExternalUser, ExternalUserInput } from './users/external-user.js';
export {
  externalUserFields,
  importedExternalUserSchema,
  importedUserSchema,
  userFields,
  withCompanions,
} from './users/changed-fields.js';
export type { ExternalUserField, ImportedExternalUser, ImportedUser, UserField } from './users/changed-fields.js';
export { externalLinkOf, withRecordClaims } from './users/link-external.js';
export type { ExternalLink } from './users/link-external.js';
export type { ExternalUserElement, LinkExternalUser } from './parties/up/link-external-user.js';
export { userLabel, userSchema, writtenUserSchema } from './users/user.js';
export type { User, UserInput, WrittenUser } from './users/user.js';
export { defaultSessionSettings } from './sessions/settings.js';
export type { SessionSettings } from './sessions/settings.js';
export type { HomeRealmSettings } from './home-realm/settings.js';
export { isAddressRange, isInRange } from './home-realm/ip-range.js';
export type { Brakes } from './brakes/settings.js';
export type { PasswordPolicy } from './passwords/settings.js';
export { everyUpParty, formatPartyPath, maxBoundUpParties, parsePartyPath } from './party-path/binding.js';
export type { PartyPath } from './party-path/binding.js';
export { resolveBinding } from './party-path/resolve.js';
export { splitPath } from './addresses/path.js';
export { parsePlace } from './addresses/place.js';
export type { Place } from './addresses/place.js';
export { routeOf, routes } from './addresses/routes.js';
export type { Route, RoutedService } from './addresses/routes.js';
export {
  controlAddresses,
  downPartyAddresses,
  loginAddress,
  oidcUpPartyAddresses,
  partyIssuer,
  resourceIdentifier,
  samlDownPartyAddresses,
  samlUpPartyAddresses,
  trackAddresses,
  trackIssuer,
  trimBase,
  upPartyBase,
} from './addresses/addresses.js';
export type { DownPartyPlace, TrackPlace, UpPartyPlace } from './addresses/addresses.js';
export { isArrayClaim, sizeOf, textOf, valuesOf, withValues } from './claims/values.js';
export { protectedSamlTypes, protectedTypes, typedText } from './claims/protected.js';
export { expressionBudget, expressionFault, ExpressionRun } from './claims/expression.js';
export { transformClaims } from './claims/transform.js';
export type { TransformFault, TransformStep } from './claims/transform.js';
export { limitFault } from './claims/limits.js';
export {
  accessTokenDefaults,
  forwardClaims,
  forwardDefaults,
  idTokenDefaults,
  issueClaims,
  tokenClaims,
} from './claims/filter.js';
export type { IssueEntry } from './claims/filter.js';
export { parseDownParty, parseExternalUser, parseTrackSettings, parseUpParty, parseUser } from './parties/parse.js';
export { checkExternalUsers } from './tracks/validate-external-users.js';
export { validateTrack } from './tracks/validate.js';
export type { ValidatedTrack } from './tracks/validate.js';
export { hasSessions, isPersistent, sessionDeadline, sessionState } from './sessions/state.js';
export type { SessionLifetimes, SessionState, SessionTimes } from './sessions/state.js';
export { formatFileProblem, parseDeclarative, readDeclarative } from './declarative/parse.js';
export type { DesiredState, DesiredTenant, ParseOptions } from './declarative/parse.js';
export type { DeclarativeFile, FileProblem } from './declarative/source.js';
export { escapeReferences, referencesIn, substitute } from './declarative/environment.js';
export type { Environment } from './declarative/environment.js';
export { refuseNotYet } from './declarative/not-yet.js';
export type { NotYet } from './declarative/not-yet.js';
export { declarativeJsonSchema } from './declarative/document.js';
export { documentDeclarativeFile } from './reference/document-file.js';
export { fieldsOf } from './reference/fields.js';
export type { Field } from './reference/fields.js';
export { markdownTable } from './reference/table.js';
export { differences, isEqual, masked } from './declarative/difference.js';
export type { FieldChange } from './declarative/difference.js';
export { planChanges } from './declarative/plan.js';
export type { Change, ChangedKind, InstallationState, TrackState } from './declarative/plan.js';
export { formatTrack } from './declarative/format.js';
export type { TrackToFormat } from './declarative/format.js';
export { decideHomeRealm, maxRemembered, remember } from './home-realm/decide.js';
export type {
  HomeRealmButton,
  HomeRealmCandidate,
  HomeRealmDecision,
  HomeRealmInput,
  HomeRealmReason,
} from './home-realm/decide.js';
export { brakeDecision, brakeFigures, countFailure } from './brakes/policy.js';
export type { BrakeCount, BrakeDecision, BrakeFigures, BrakeKind } from './brakes/policy.js';
export { passwordFaults } from './passwords/check.js';
export type { PasswordContext, PasswordFault } from './passwords/check.js';
export { bundledLeakedPasswords } from './passwords/leaked.js';
export type { LeakedPasswords } from './passwords/leaked.js';
export { controlParties } from './control/control-parties.js';
export type { ControlTrack } from './control/control-parties.js';
export { controlApiName, controlApiScopes, controlClientName, rightsInScope } from './control/control-scopes.js';
export { mayDo, mayReadTrack, readRights } from './control/rights.js';
export type { RightArea, Rights, RightVerb, WantedRight } from './control/rights.js';
