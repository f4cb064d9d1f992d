import type { NotYet } from '@corsac/model';

/** Settings that can be written and have no effect yet: a file that asks for one is refused by its name. */
export const notYetAvailable: NotYet = new Map([
  ['settings.allow_iframe_on_domains', 'pages of a track are never shown in frames of other sites.'],
  ['up_parties.edit_issuers_in_automatic', '`issuers` counts either way.'],
  [
    'up_parties.frontchannel_logout_session_required=false',
    'a front-channel logout of a provider needs `iss` and `sid` always.',
  ],
]);
