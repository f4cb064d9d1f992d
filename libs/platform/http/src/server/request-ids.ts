import { randomBytes } from 'node:crypto';

/**
 * Ids that join log lines: unique among processes by a random beginning, counted after it. They are no secret. What a
 * client sends as `x-request-id` is ignored, as anybody could fill the log with one id.
 */
export const createRequestIds = (): (() => string) => {
  const beginning = randomBytes(6).toString('base64url');
  let count = 0;
  return () => `${beginning}-${(count += 1).toString(36)}`;
};
