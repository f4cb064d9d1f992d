import { sendJson, type HttpAnswer } from '@corsac/http';
import type { AddressMiss } from './addressed-party.js';

const notFound = sendJson(
  { error: 'not_found', error_description: 'There is nothing at this address.' },
  { status: 404 },
);
const unavailable = sendJson({ error: 'temporarily_unavailable' }, { status: 503, headers: { 'retry-after': '2' } });

/** The answer for an address that leads nowhere, or whose configuration is away. */
export const missAnswer = (miss: AddressMiss): HttpAnswer => (miss === 'not_found' ? notFound : unavailable);
