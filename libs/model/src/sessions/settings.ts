import { z } from 'zod';

/** Settings of the session that an up-party makes, reference 3.1; seconds. */
export const sessionShape = {
  session_lifetime: z
    .int()
    .min(0)
    .max(43_200)
    .default(36_000)
    .meta({ description: 'Sliding: ends after this long without use. 0: no sliding session.' }),
  session_absolute_lifetime: z
    .int()
    .min(0)
    .max(172_800)
    .default(86_400)
    .meta({ description: 'Ends this long after sign-in, however used. 0: no such end.' }),
  persistent_session_absolute_lifetime: z
    .int()
    .min(0)
    .max(31_536_000)
    .default(0)
    .meta({ description: 'Survives closing the browser for this long. 0: it does not.' }),
  persistent_session_lifetime_unlimited: z.boolean().default(false),
  single_logout: z
    .boolean()
    .default(true)
    .meta({ description: 'false: a logout elsewhere leaves this session alone.' }),
};

const schema = z.object(sessionShape);

/** The part of an up-party that says how long its sessions live and whether logouts reach them. */
export type SessionSettings = z.output<typeof schema>;

/** Settings of an up-party that says nothing. */
export const defaultSessionSettings: SessionSettings = schema.parse({});
