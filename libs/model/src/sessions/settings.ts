import { z } from 'zod';

/** Settings of the session that an up-party makes, reference 3.1; seconds. */
export const sessionShape = {
  session_lifetime: z
    .int()
    .min(0)
    .max(43_200)
    .default(36_000)
    .describe(
      'Seconds without use after which the session ends. 0: this up-party keeps no session, so that every request signs in anew, unless one of the persistent settings is on.',
    ),
  session_absolute_lifetime: z
    .int()
    .min(0)
    .max(172_800)
    .default(86_400)
    .describe('Seconds after sign-in at which the session ends however much it is used. 0: no such end.'),
  persistent_session_absolute_lifetime: z
    .int()
    .min(0)
    .max(31_536_000)
    .default(0)
    .describe(
      'Seconds after sign-in in which the session lasts, used or not, whatever the two settings above say, also when the browser was closed meanwhile. 0: off.',
    ),
  persistent_session_lifetime_unlimited: z
    .boolean()
    .default(false)
    .describe(
      'The session has no end but a logout, also when the browser was closed meanwhile. Browsers forget it when it is not used for 400 days.',
    ),
  single_logout: z
    .boolean()
    .default(true)
    .describe('`false`: a logout of another session of the browser does not end this one, and the other way round.'),
};

const schema = z.object(sessionShape);

/** The part of an up-party that says how long its sessions live and whether logouts reach them. */
export type SessionSettings = z.output<typeof schema>;

/** Settings of an up-party that says nothing. */
export const defaultSessionSettings: SessionSettings = schema.parse({});
