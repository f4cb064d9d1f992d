/**
 * OpenID Connect as pure functions, both sides: what a provider says about users and itself, how a logout is asked for and told, and
 * how answers and tokens of another provider are believed. Requests, grants and access tokens are in `@corsac/oauth`.
 */
export { partyMetadata, trackIssuerMember, trackMetadata, wellKnown } from './discovery/metadata.js';
export type { MetadataInput } from './discovery/metadata.js';
export { answerAcr, authenticationContexts, type SignInContext } from './id-token/authentication-context.js';
export { idTokenAlg, idTokenClaims, idTokenTyp, requestedAcr, requestedSubject } from './id-token/id-token-claims.js';
export type { IdTokenInput } from './id-token/id-token-claims.js';
export {
  checkEndSessionRequest,
  mustAskUser,
  postLogoutRedirect,
  postLogoutUris,
  verifyIdTokenHint,
} from './logout/end-session.js';
export type {
  EndSessionInput,
  EndSessionRequest,
  HintContext,
  IdTokenHint,
  LogoutConsent,
} from './logout/end-session.js';
export { frontchannelLogoutUrl, readFrontchannelLogout } from './logout/frontchannel.js';
export {
  logoutEvent,
  logoutTokenClaims,
  logoutTokenLifetime,
  logoutTokenTyp,
  verifyLogoutToken,
} from './logout/logout-token.js';
export type { LogoutNotice, LogoutTokenInput, LogoutTokenRules } from './logout/logout-token.js';
export { isIssuerOfParty } from './logout/party-issuer.js';
export { authenticationRequestUrl } from './provider/authentication-request.js';
export type { AuthenticationRequest } from './provider/authentication-request.js';
export { checkAuthenticationResponse } from './provider/authentication-response.js';
export type { AuthenticationResponse, ProviderError, ResponseExpectation } from './provider/authentication-response.js';
export { authorityOf, checkDiscoveredIssuer, discoveryUrlOf, oauthMetadataUrlOf } from './provider/authority.js';
export { checkIdToken } from './provider/check-id-token.js';
export type { IdTokenRules } from './provider/check-id-token.js';
export { logoutRequestUrl } from './provider/logout-request.js';
export type { LogoutRequest } from './provider/logout-request.js';
export { maxMetadataBytes, readProviderMetadata } from './provider/provider-metadata.js';
export type { ProviderMetadata } from './provider/provider-metadata.js';
export {
  checkProviderUserInfo,
  clientAssertionClaims,
  codeTokenRequest,
  readTokenResponse,
} from './provider/token-request.js';
export type { ProviderCredentials, ProviderTokenRequest, ProviderTokens } from './provider/token-request.js';
export { userInfoClaims, userInfoJwtClaims } from './userinfo/userinfo.js';
