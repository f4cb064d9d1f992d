/**
 * OAuth 2.0 as pure functions: requests in, checked values or errors out. Parameters, the table of checks of the authorize endpoint,
 * client authentication, scopes and audiences, every grant, access tokens, introspection. Time, randomness and state are arguments.
 */
export { checkAuthorizationRequest } from './authorization-request/check-authorization-request.js';
export type {
  AuthorizationRequestError,
  AuthorizationRequestInput,
  ErrorDestination,
} from './authorization-request/check-authorization-request.js';
export { parseClaimsRequest } from './authorization-request/check-claims.js';
export { defaultResponseMode, normaliseResponseType, respondsWith } from './authorization-request/check-response.js';
export { checks } from './authorization-request/checks.js';
export { parseRequestUri, pushedRequestLifetime, requestUriOf } from './authorization-request/pushed-request-uri.js';
export { checkPushedRequest, resolvePushedRequest } from './authorization-request/pushed-request.js';
export type { PushedRequest } from './authorization-request/pushed-request.js';
export { readRequestObject } from './authorization-request/request-object.js';
export type { RequestObjectContext } from './authorization-request/request-object.js';
export { prompts, responseModes } from './authorization-request/request-types.js';
export type {
  AuthorizationRequestValues,
  Check,
  CheckContext,
  CheckStep,
  ClaimRequest,
  ClaimsRequest,
  Prompt,
  ResponseMode,
  ValidAuthorizationRequest,
} from './authorization-request/request-types.js';
export { respond, respondWithError, withQuery } from './authorization-response/respond.js';
export type {
  AuthorizationResponse,
  AuthorizationSuccess,
  ResponseDestination,
} from './authorization-response/respond.js';
export { readBasic } from './client-authentication/basic.js';
export { checkAuthMethod, jwtBearer, namedClient, presentedClient } from './client-authentication/present.js';
export type { PresentedClient } from './client-authentication/present.js';
export {
  acceptedAuthMethods,
  authMethods,
  clientDefaults,
  grantTypes,
  hasKeys,
  haveOneProvider,
  isPublicClient,
  responseTypes,
} from './client/client.js';
export type {
  AuthMethod,
  Client,
  ClientScope,
  GrantType,
  IssueClaim,
  ResourceScope,
  ResponseType,
  VoluntaryClaim,
} from './client/client.js';
export { isRegisteredUri } from './client/redirect-uri.js';
export {
  deviceAuthorizationResponse,
  deviceGrant,
  grantToDevice,
  judgePoll,
  readDeviceRequest,
} from './device/device-grant.js';
export type { DeviceAuthorizationResponse, DeviceState, PollVerdict } from './device/device-grant.js';
export { normaliseUserCode, userCodeAlphabet, userCodeOf } from './device/user-code.js';
export { errorBody, httpStatusOf, oauthError, refuse, wwwAuthenticate } from './errors.js';
export type { OAuthError, OAuthErrorCode } from './errors.js';
export { checkRedemption, invalidCode, readCodeRequest } from './grants/authorization-code.js';
export type { CodeBinding, CodeRequest, RedeemedCode, RedemptionContext } from './grants/authorization-code.js';
export { clientSubject, grantToClient } from './grants/client-credentials.js';
export { grantIdCharacters, grantOfJti, jtiOf } from './grants/grant-id.js';
export { readGrantType } from './grants/grant-type.js';
export type { TokenGrantType } from './grants/grant-type.js';
export { challengeOf, isVerifierOf } from './grants/pkce.js';
export {
  invalidRefreshToken,
  judgeRefresh,
  looksLikeRefreshToken,
  readRefreshRequest,
  readRefreshToken,
  refreshExpiry,
  refreshTokenOf,
} from './grants/refresh-token.js';
export type { RefreshState, RefreshTokenParts, RefreshVerdict } from './grants/refresh-token.js';
export { checkParameters, parametersOf, parseParameters, readParameters } from './parameters/parse-parameters.js';
export type { Parameters } from './parameters/parse-parameters.js';
export { accessTokenIssuer, audienceOf, resolveTargets, signInIssuer } from './scopes/audience.js';
export type { Issuers } from './scopes/audience.js';
export { defaultScope, grantScopes, regrantScopes } from './scopes/grant-scopes.js';
export type { ScopeGrant, ScopeRequest } from './scopes/grant-scopes.js';
export { parseScope } from './scopes/scope-text.js';
export { actorChain, checkMayAct } from './token-exchange/actor.js';
export type { ActingParty } from './token-exchange/actor.js';
export { chooseExchangeCase, isIssuerOfTrack, labelOfJwt } from './token-exchange/choose-case.js';
export type { ExchangeCase, ExchangeTrust, TokenLabel } from './token-exchange/choose-case.js';
export { readExchangeRequest, tokenTypes } from './token-exchange/exchange-request.js';
export type { ExchangeRequest } from './token-exchange/exchange-request.js';
export { grantToExchange } from './token-exchange/exchange-targets.js';
export { checkIsAccessToken, checkMeantFor, foreignTokenTypes, ownTokenTypes } from './token-exchange/subject-token.js';
export { accessTokenClaims, accessTokenTyp } from './tokens/access-token.js';
export type { AccessTokenInput, Actor } from './tokens/access-token.js';
export { isEmptyClaim, typedClaim, typedClaims } from './tokens/claim-types.js';
export {
  checkRevocation,
  inactive,
  introspectAccessToken,
  introspectRefreshToken,
  readTokenParameter,
  tokenKindOf,
} from './tokens/introspection.js';
export type { IntrospectedGrant, TokenKind } from './tokens/introspection.js';
export { addSessionClaims, issueClaims, protocolClaims, sessionClaims, userClaimsOf } from './tokens/issue-claims.js';
export type { IssueRules, IssueTarget } from './tokens/issue-claims.js';
export { checkTokenBinding, presentedToken } from './tokens/presented-token.js';
export type { PresentedToken } from './tokens/presented-token.js';
export { noStore, tokenResponse } from './tokens/token-response.js';
export type { IssuedTokens, TokenResponse } from './tokens/token-response.js';
