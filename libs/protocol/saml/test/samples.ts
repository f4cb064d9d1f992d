import type { AuthnRequest } from '../src/authn-request/authn-request.js';
import type { IncomingMessage } from '../src/bindings/incoming-message.js';
import type { AcceptResponse } from '../src/response/accept-response.js';
import type { NewAssertion } from '../src/response/make-assertion.js';
import type { NewResponse } from '../src/response/make-response.js';
import { seeded } from './documents.js';
import type { TestKey } from './keys.js';

/** 20 November 2026, 12:00 UTC. */
export const now = Date.parse('2026-11-20T12:00:00Z') / 1000;

export const idp = 'https://idp.example/track';
export const sp = 'https://sp.example/saml';
export const acs = 'https://sp.example/saml/acs';
export const sso = 'https://idp.example/saml/authn';

const byte = seeded(7);

/** Bytes for keys and nonces that mean nothing. */
export const random = (size: number): Uint8Array => Uint8Array.from({ length: size }, () => byte(256));

export const authnRequest: AuthnRequest & { destination: string } = {
  id: '_request1',
  issuer: sp,
  issued_at: now,
  destination: sso,
  assertion_consumer_service_url: acs,
};

export const assertion: NewAssertion = {
  id: '_assertion1',
  issuer: idp,
  issued_at: now,
  name_id: { value: 'user-1', format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' },
  audience: sp,
  recipient: acs,
  in_response_to: '_request1',
  confirmation_lifetime: 300,
  lifetime: 3600,
  authn: {
    instant: now - 10,
    session_index: '_session1',
    class_ref: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
  },
  attributes: [
    { name: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress', values: ['a@example.com'] },
    { name: 'role', values: ['admin', 'user & <b>"x"</b>', 'ære'] },
  ],
};

export const response: NewResponse = {
  id: '_response1',
  issuer: idp,
  issued_at: now,
  destination: acs,
  in_response_to: '_request1',
  assertion,
};

/** What a service provider expects of `response`. */
export const expectedOf = (key: TestKey): AcceptResponse => ({
  issuer: idp,
  audience: sp,
  recipients: [acs],
  now,
  pending_request_id: '_request1',
  party: { keys: [key.publicKey] },
});

/** XML as the POST binding delivers it. */
export const posted = (xml: string, kind: IncomingMessage['kind'] = 'response'): IncomingMessage => ({
  binding: 'post',
  kind,
  xml: Buffer.from(xml, 'utf8'),
});

/** The XML inside a form that we made. */
export const xmlOf = (form: { fields: Readonly<Record<string, string>> }): string =>
  Buffer.from(form.fields.SAMLResponse ?? form.fields.SAMLRequest ?? '', 'base64').toString('utf8');
