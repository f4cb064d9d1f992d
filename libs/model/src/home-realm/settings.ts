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
    .describe(
      'Email domains whose users sign in here, compared with the typed identifier or `login_hint`. `*`: all that nothing else decides.',
    ),
  hrd_ip_ranges: z
    .array(range)
    .max(10)
    .default([])
    .describe('Addresses of browsers that sign in here without being asked.'),
  hrd_regular_expressions: z
    .array(expression)
    .max(10)
    .default([])
    .describe(
      'Regular expressions (RE2) looked for in the typed identifier or `login_hint`, without regard to case; a match decides for this up-party.',
    ),
  hrd_always_show_button: z
    .boolean()
    .default(false)
    .describe(
      'Shows a button although domains, ranges or expressions could decide. Up-parties without such rules always have one.',
    ),
  hrd_display_name: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('Text of the button. Left out: `display_name`, then `name`.'),
  hrd_logo_url: imageUrlSchema.optional().describe('Picture on the button.'),
};

/** The part of an up-party that home realm discovery reads. */
export type HomeRealmSettings = z.output<z.ZodObject<typeof homeRealmShape>>;
