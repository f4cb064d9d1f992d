import type { NotYet } from '@corsac/model';

const rsaOnly = 'SAML messages are signed by RSA with PKCS #1 padding';

/** Settings that can be written and have no effect yet: a file that asks for one is refused by its name. */
export const notYetAvailable: NotYet = new Map([
  ['up_parties.enable_idp_initiated', 'sign-in begins at the application'],
  ['up_parties.signature_algorithm=rsa-pss-sha256', rsaOnly],
  ['up_parties.signature_algorithm=ecdsa-sha256', rsaOnly],
  ['down_parties.signature_algorithm=rsa-pss-sha256', rsaOnly],
  ['down_parties.signature_algorithm=ecdsa-sha256', rsaOnly],
  ['down_parties.single_logout_soap_url', 'SAML applications are told of logouts through the browser'],
]);
