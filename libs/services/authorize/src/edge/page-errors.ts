/**
 * Everything that can end a journey on an error page. The page says what is wrong and what to do; its words are with the
 * pages, translated; `detail` is for the log only.
 */
export const pageErrors = [
  'not_found',
  'unknown_track',
  'unknown_party',
  'bad_request',
  'unsupported_media_type',
  'no_up_party',
  'sequence_expired',
  'sequence_unknown',
  'sequence_overtaken',
  'forged_form',
  'temporarily_unavailable',
  'too_many_requests',
  'server_error',
] as const;
export type PageError = (typeof pageErrors)[number];

export const statusOfPageError: Readonly<Record<PageError, number>> = {
  not_found: 404,
  unknown_track: 404,
  unknown_party: 404,
  bad_request: 400,
  unsupported_media_type: 415,
  no_up_party: 400,
  sequence_expired: 400,
  sequence_unknown: 400,
  sequence_overtaken: 409,
  forged_form: 403,
  temporarily_unavailable: 503,
  too_many_requests: 429,
  server_error: 500,
};
