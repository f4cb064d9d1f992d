import { z } from 'zod';
import { homeRealmShape } from '../../home-realm/settings.js';
import { sessionShape } from '../../sessions/settings.js';
import { partyShape } from '../party.js';
import { imageUrlSchema } from '../urls.js';

const createUser = z.strictObject({
  confirm_account: z.boolean().default(true),
  require_multi_factor: z.boolean().default(false),
  ask_given_name: z.boolean().default(true),
  ask_family_name: z.boolean().default(true),
});

/** An up-party that signs in users of the track itself, spec 4 and reference 6.6. */
export const loginUpParty = z
  .strictObject({
    ...partyShape,
    ...sessionShape,
    ...homeRealmShape,
    type: z.literal('login'),
    enable_email_identifier: z.boolean().default(true),
    enable_phone_identifier: z.boolean().default(false),
    enable_username_identifier: z.boolean().default(false),
    enable_cancel_login: z.boolean().default(false),
    enable_create_user: z.boolean().default(true),
    enable_reset_password: z.boolean().default(true),
    create_user: createUser.prefault({}),
    logout_consent: z.enum(['always', 'if_required', 'never']).default('if_required'),
    enable_two_factor_app: z.boolean().default(true),
    two_factor_app_name: z.string().min(1).max(50).optional(),
    require_two_factor: z.boolean().default(false),
    end_grants_on_change_password: z.boolean().default(true),
    end_sessions_on_change_password: z.boolean().default(true),
    title: z.string().min(1).max(40).optional(),
    icon_url: imageUrlSchema.optional(),
    css: z.string().max(40_000).optional(),
  })
  .refine(
    (party) => party.enable_email_identifier || party.enable_phone_identifier || party.enable_username_identifier,
    {
      path: ['enable_email_identifier'],
      message:
        'at least one of enable_email_identifier, enable_phone_identifier and enable_username_identifier must be true',
    },
  );
