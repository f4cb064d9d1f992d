import { z } from 'zod';

/** Figures of the brakes of a track. Only failures count; 0 switches a brake off. Times in seconds. */
export const brakesSchema = z.strictObject({
  max_failing_logins: z
    .int()
    .min(0)
    .max(100)
    .default(5)
    .describe(
      'So many failed sign-ins with one identifier, whether there is such a user or not, make it wait. 0: off.',
    ),
  max_failing_logins_per_address: z
    .int()
    .min(0)
    .max(100_000)
    .default(100)
    .describe('So many failed sign-ins from one address (IPv6: from one /64 network) make it wait. 0: off.'),
  failing_login_count_lifetime: z
    .int()
    .min(10)
    .max(345_600)
    .default(36_000)
    .describe('Seconds for which failures are counted.'),
  failing_login_observation_period: z
    .int()
    .min(1)
    .max(14_400)
    .default(3600)
    .describe('Seconds for which an identifier or address waits.'),
  max_failing_requests_per_address: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(1000)
    .describe(
      'So many refused requests from one address to the endpoints of the token service (token, userinfo and so on) in one period hold it back until the period is over. 0: off.',
    ),
  failing_request_period: z.int().min(1).max(3600).default(60).describe('Seconds of one period.'),
});

export type Brakes = z.output<typeof brakesSchema>;
