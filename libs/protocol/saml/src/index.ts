export { acceptAuthnRequest, authnRequestSteps } from './authn-request/accept-authn-request.js';
export type {
  AcceptedAuthnRequest,
  AuthnRequestExpectations,
  AuthnRequestRefusal,
} from './authn-request/accept-authn-request.js';
export { answerContext, canMeetByOwnUsers, meetsContext, needsSecondFactor } from './authn-request/answer-context.js';
export type { SignInFacts } from './authn-request/answer-context.js';
export type { AuthnRequest, NameIdPolicy, RequestedAuthnContext } from './authn-request/authn-request.js';
export { makeAuthnRequest, readRequestExtensions } from './authn-request/make-authn-request.js';
export type { RequestExtensions } from './authn-request/make-authn-request.js';
export { longestOwnRelayState, longestRelayState } from './bindings/incoming-message.js';
export type { IncomingMessage } from './bindings/incoming-message.js';
export { readPost, readSoap } from './bindings/read-post.js';
export { readRedirect } from './bindings/read-redirect.js';
export { sendByPost, sendByRedirect, sendBySoap, soapFault } from './bindings/send-message.js';
export type { Delivery, OutgoingMessage, PostForm } from './bindings/send-message.js';
export { claimsOfAssertion } from './claims/assertion-claims.js';
export type { SamlClaims } from './claims/assertion-claims.js';
export { assertionContent } from './claims/assertion-content.js';
export type { NameIdRule } from './claims/assertion-content.js';
export { amrOfClassRef, classRefOfAmr } from './claims/authn-context.js';
export { defaultIssuedSamlClaims, defaultMappings, lockedMappings, samlClaims } from './claims/claim-names.js';
export type { ClaimMapping } from './claims/claim-names.js';
export { jwtClaimsToSaml, samlClaimsToJwt } from './claims/map-claims.js';
export type { ClaimValue, JwtClaims } from './claims/map-claims.js';
export { mappingTable } from './claims/mapping-table.js';
export type { MappingTable } from './claims/mapping-table.js';
export { selectSamlClaims } from './claims/select-claims.js';
export type { ClaimSelection } from './claims/select-claims.js';
export type { EncryptionFor } from './encryption/encrypt-assertion.js';
export { unwrapKey } from './encryption/encryption-algorithms.js';
export type { ContentAlgorithm, DecryptKey, KeyTransport } from './encryption/encryption-algorithms.js';
export { acceptLogoutRequest, acceptLogoutResponse } from './logout/accept-logout.js';
export type { AcceptedLogoutRequest, AcceptedLogoutResponse, LogoutExpectations } from './logout/accept-logout.js';
export type { LogoutRequest, LogoutResponse } from './logout/logout-messages.js';
export { logoutResultOf, makeLogoutRequest, makeLogoutResponse, statusOfLogout } from './logout/make-logout.js';
export type { LogoutResult } from './logout/make-logout.js';
export type { MessageHead, NameId } from './message-parts.js';
export { makeMetadata } from './metadata/make-metadata.js';
export type {
  AttributeConsumingService,
  ContactPerson,
  Endpoint,
  EntityMetadata,
  IdpRole,
  IndexedEndpoint,
  MetadataKey,
  Organization,
  RequestedAttribute,
  SpRole,
} from './metadata/metadata.js';
export { readMetadata } from './metadata/read-metadata.js';
export type { MetadataExpectations } from './metadata/read-metadata.js';
export { attributeNameFormats, authnContexts, bindings, mfaContexts, nameIdFormats, statusCodes } from './names.js';
export { acceptResponse } from './response/accept-response.js';
export type { AcceptedResponse, AcceptResponse, OneTimeId } from './response/accept-response.js';
export type { Assertion, AuthnStatement, SamlAttribute, SubjectConfirmation } from './response/assertion.js';
export type { NewAssertion } from './response/make-assertion.js';
export { makeResponse } from './response/make-response.js';
export type { AssertionProtection, NewResponse } from './response/make-response.js';
export { assertionSteps, responseSteps } from './response/response-steps.js';
export type { RequiredSignature } from './response/trust-response.js';
export type { SamlError, SamlReason } from './saml-error.js';
export { oauthErrorOfStatus, statusOfOAuthError } from './status.js';
export type { MappedOAuthError, SamlStatus } from './status.js';
export { peekSamlSubjectToken, verifySamlSubjectToken } from './subject-token/verify-subject-token.js';
export type {
  SubjectTokenExpectations,
  UnverifiedSubjectToken,
  VerifiedSubjectToken,
} from './subject-token/verify-subject-token.js';
export { signatureAlgorithms, signBytes } from './trust/algorithms.js';
export type { AlgorithmPolicy, SignatureAlgorithm } from './trust/algorithms.js';
export { readCertificate } from './trust/certificates.js';
export type { CertificateKey } from './trust/certificates.js';
export type { Sign, Signer } from './trust/sign-xml.js';
export type { PartyTrust } from './trust/trust-message.js';
