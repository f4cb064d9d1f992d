import type { AuthorizationResponse } from '@corsac/oauth';
import type { Step } from '../../sequence/step.js';

/** An authorization response as the last step of its journey. */
export const stepOf = (response: AuthorizationResponse): Step =>
  response.method === 'redirect'
    ? { kind: 'redirect', url: response.url, ends: true }
    : { kind: 'post', url: response.url, fields: response.params, ends: true };
