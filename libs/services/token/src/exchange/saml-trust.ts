import { refuse } from '@corsac/oauth';
import type { VerifySubject } from './subject.js';

/** placeholder */
export const samlTrust: VerifySubject = async () => refuse('invalid_request', 'the token is not accepted', 'saml');
