import type { HttpRequest } from '@corsac/http';
import { canSignInUsers, resolveBinding } from '@corsac/model';
import { fail, ok, type Outcome } from '@corsac/outcome';
import {
  canMeetByOwnUsers,
  needsSecondFactor,
  statusCodes,
  statusOfOAuthError,
  type AcceptedAuthnRequest,
  type RequestedAuthnContext,
  type SamlStatus,
} from '@corsac/saml';
import type { LoginRequest } from '../../../sequence/sequence.js';
import type { AddressedApplication } from '../addressed-application.js';

/** What of an AuthnRequest speaks of the sign-in; a sign-in that begins here has none of it. */
export type Wishes = Partial<
  Pick<AcceptedAuthnRequest, 'is_passive' | 'force_authn' | 'requested_authn_context' | 'name_id_policy'>
>;

const noAuthnContext = (message: string): SamlStatus => ({
  code: statusCodes.responder,
  sub_code: statusCodes.noAuthnContext,
  message,
});

/**
 * What the up-parties will be asked for an application.
 * @returns the status with which the application is refused, when it is known already that nobody can do what it asks
 */
export const loginRequestOf = (
  request: HttpRequest,
  { view, party, partyPath }: AddressedApplication,
  wishes: Wishes & { readonly login_hint?: string | undefined },
): Outcome<LoginRequest, SamlStatus> => {
  const usable = (name: string): boolean => {
    const upParty = view.upParty(name);
    return upParty !== undefined && canSignInUsers(upParty);
  };
  const bound = resolveBinding(party.allow_up_parties, partyPath.upParties, usable);
  if (!bound.ok)
    return fail({
      code: statusCodes.requester,
      sub_code: statusCodes.requestDenied,
      message: 'None of the up-parties of this address is allowed for the application.',
    });
  if (bound.value.skipped.length > 0)
    request.logger.warn({ skipped: bound.value.skipped }, 'up-parties of the address were skipped');
  const { is_passive, force_authn, requested_authn_context: asked, login_hint } = wishes;
  // SAML Core 3.4.1: without the user nobody can be authenticated anew.
  if (is_passive && force_authn) return fail(statusOfOAuthError('login_required', { is_passive: true }));
  const up_parties = bound.value.upParties;
  const onlyOwnUsers = up_parties.every((name) => view.upParty(name)?.type === 'login');
  if (asked && !canBeMet(asked, onlyOwnUsers))
    return fail(noAuthnContext('None of the requested authentication contexts can be given.'));
  return ok({
    up_parties,
    prompt: is_passive ? ['none'] : force_authn ? ['login'] : [],
    acr_values: asked?.class_refs ?? [],
    ...(asked && asked.comparison !== 'exact' && { acr_comparison: asked.comparison }),
    ui_locales: [],
    mfa: asked !== undefined && needsSecondFactor(asked),
    ...(login_hint !== undefined && { login_hint }),
  });
};

/** What a provider above can do nobody here knows; only a declaration in place of a class is known by nobody. */
const canBeMet = (asked: RequestedAuthnContext, onlyOwnUsers: boolean): boolean =>
  onlyOwnUsers ? canMeetByOwnUsers(asked) : asked.class_refs.length > 0;
