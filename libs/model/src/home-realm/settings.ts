import { z } from 'zod';
import { expressionFault } from '../claims/expression.js';
import { imageUrlSchema } from '../parties/urls.js';
import { isAddressRange } from './ip-range.js';

const domain = z
  .string()
  .max(100)
  .regex(
    /^(\*|[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*)$/,
    'must be a domain in lower case such as example.com, or *',
  );

const range = z.string().max(50).refine(isAddressRange, { message: 'must be an IP address or a CIDR range' });

const expression = z
  .string()
  .min(1)
  .max(500)
  .superRefine((text, context) => {
    const fault = expressionFault(text);
    if (fault) context.addIssue({ code: 'custom', message: fault });
  });

/** Settings by which home realm discovery finds an up-party, reference 3.1 and 6.6. */
export const homeRealmShape = {
  hrd_domains: z
    .array(domain)
    .max(200)
    .default([])
    .meta({ description: 'Email domains that belong to this up-party; * for all that nobody else claims.' }),
  hrd_ip_ranges: z.array(range).max(10).default([]),
  hrd_regular_expressions: z
    .array(expression)
    .max(10)
    .default([])
    .meta({ description: 'RE2, found somewhere in the typed identifier without regard to case.' }),
  hrd_always_show_button: z.boolean().default(false),
  hrd_display_name: z.string().min(1).max(100).optional(),
  hrd_logo_url: imageUrlSchema.optional(),
};

/** The part of an up-party that home realm discovery reads. */
export type HomeRealmSettings = z.output<z.ZodObject<typeof homeRealmShape>>;
