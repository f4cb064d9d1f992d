import { z } from 'zod';
import { homeRealmShape } from '../../home-realm/settings.js';
import { sessionShape } from '../../sessions/settings.js';
import { partyShape } from '../party.js';
import { imageUrlSchema } from '../urls.js';

const createUser = z.strictObject({
  confirm_account: z
    .boolean()
    .default(true)
    .describe('The account is made when a code from a mail has been typed. Users without email address are not asked.'),
  require_multi_factor: z.boolean().default(false).describe('New users must have a second factor.'),
  ask_given_name: z.boolean().default(true).describe('Asks for the given name.'),
  ask_family_name: z.boolean().default(true).describe('Asks for the family name.'),
});

/** An up-party that signs in users of the track itself, spec 4 and reference 6.6. */
export const loginUpParty = z
  .strictObject({
    ...partyShape,
    ...sessionShape,
    ...homeRealmShape,
    type: z.literal('login').describe('Users of the track itself.'),
    enable_email_identifier: z
      .boolean()
      .default(true)
      .describe('Users may sign in with their email address. One of the three must be on.'),
    enable_phone_identifier: z.boolean().default(false).describe('Users may sign in with their phone number.'),
    enable_username_identifier: z.boolean().default(false).describe('Users may sign in with their user name.'),
    enable_cancel_login: z
      .boolean()
      .default(false)
      .describe('Shows a button that ends the sign-in with an error to the application.'),
    enable_create_user: z.boolean().default(true).describe('Anybody may create an account.'),
    enable_reset_password: z.boolean().default(true).describe('Users may have a mail that sets a new password.'),
    create_user: createUser.prefault({}).describe('What creating an account asks.'),
    logout_consent: z
      .enum(['always', 'if_required', 'never'])
      .default('if_required')
      .describe(
        'Asks the user before a logout that an application wants. `if_required`: unless its ID token hint is of this very session.',
      ),
    enable_two_factor_app: z
      .boolean()
      .default(true)
      .describe(
        'Users may set up an authenticator app. `false`: who needs a second factor and has none cannot sign in.',
      ),
    two_factor_app_name: z
      .string()
      .min(1)
      .max(50)
      .optional()
      .describe('What the authenticator app calls this place. Left out: `title`, then the tenant.'),
    require_two_factor: z
      .boolean()
      .default(false)
      .describe('Asks everybody for a second factor; who has none sets it up.'),
    end_grants_on_change_password: z
      .boolean()
      .default(true)
      .describe('A changed password ends the refresh grants of the user.'),
    end_sessions_on_change_password: z
      .boolean()
      .default(true)
      .describe('A changed password ends the sessions of the user.'),
    title: z.string().min(1).max(40).optional().describe('Text at the head of the pages.'),
    icon_url: imageUrlSchema.optional().describe('Picture at the head of the pages, and in the tab of the browser.'),
    css: z
      .string()
      .max(40_000)
      .optional()
      .describe(
        'Style sheet for the pages. What could fetch or run something is taken out of it; nothing is left of a sheet with a backslash, `<`, or braces that do not match.',
      ),
  })
  .refine(
    (party) => party.enable_email_identifier || party.enable_phone_identifier || party.enable_username_identifier,
    {
      path: ['enable_email_identifier'],
      message:
        'at least one of enable_email_identifier, enable_phone_identifier and enable_username_identifier must be true',
    },
  );
