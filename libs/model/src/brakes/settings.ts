import { z } from 'zod';

/** Figures of the brakes of a track. Only failures count; 0 switches a brake off. Times in seconds. */
export const brakesSchema = z.strictObject({
  max_failing_logins: z
    .int()
    .min(0)
    .max(100)
    .default(5)
    .meta({ description: 'Failed sign-ins of one account before it waits.' }),
  max_failing_logins_per_address: z
    .int()
    .min(0)
    .max(100_000)
    .default(100)
    .meta({ description: 'Failed sign-ins from one address before it waits.' }),
  failing_login_count_lifetime: z.int().min(10).max(345_600).default(36_000),
  failing_login_observation_period: z
    .int()
    .min(1)
    .max(14_400)
    .default(3600)
    .meta({ description: 'How long an account or address waits.' }),
  max_failing_requests_per_address: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(1000)
    .meta({ description: 'Refused protocol requests from one address in one period.' }),
  failing_request_period: z.int().min(1).max(3600).default(60),
});

export type Brakes = z.output<typeof brakesSchema>;
