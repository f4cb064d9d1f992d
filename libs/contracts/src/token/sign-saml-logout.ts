import { z } from 'zod';
import { question } from '../contract/contract.js';
import { name, opaqueId } from '../contract/fields.js';
import { samlSignatureAlgorithm } from './sign.js';

/**
 * A LogoutRequest for one attempt over SOAP (SAML Profiles 4.4.3.1): whole, signed, in its envelope. Every attempt is a
 * request of its own, as an application takes an ID once; it is good for 300 s.
 */
export const signSamlLogout = question({
  subject: 'corsac.token.v1.saml_logout.sign',
  owner: 'token',
  askers: ['session'],
  request: z.object({
    tenant: name,
    track: name,
    algorithm: samlSignatureAlgorithm,
    /** Our EntityID towards the application, as its sign-in said it. */
    issuer: z.string().max(2000),
    destination: z.string().max(2000),
    name_id: z.object({ value: z.string(), format: z.string().optional() }),
    session_index: opaqueId,
  }),
  response: z.object({
    /** What the answer must be in response to. */
    request_id: z.string(),
    /** The body of the POST, text/xml. */
    envelope: z.string(),
  }),
  refusals: ['key_not_ready'],
  safe_to_retry: true,
});
