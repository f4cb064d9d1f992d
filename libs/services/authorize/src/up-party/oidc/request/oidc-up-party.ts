import { challengeOf, type Prompt } from '@corsac/oauth';
import type { OidcUpParty } from '@corsac/model';
import { authenticationRequestUrl } from '@corsac/oidc';
import { askAgain } from '../../../home-realm/remember-choice.js';
import type { Frame, LoginRequest } from '../../../sequence/sequence.js';
import type { Journey } from '../../../sequence/journey.js';
import { goOn, type NextStep } from '../../../sequence/step.js';
import type { UpPartyKind } from '../../up-party.js';
import { failedAt, failedByMiss } from '../answer/provider-failures.js';
import { addressesOf } from '../addressed-up-party.js';
import type { Providers } from '../provider/providers.js';
import { clientIdOf, memoryOf, newMemory, type OidcMemory } from './oidc-memory.js';

export interface OidcUpPartyKindParts {
  readonly providers: Providers;
  readonly base_url: string;
}

/**
 * The way to an OpenID Provider: asks it to sign the user in. Its answer comes to the authorization response address,
 * which sets the result.
 */
export class OidcUpPartyKind implements UpPartyKind<'oidc'> {
  readonly type = 'oidc';

  constructor(private readonly parts: OidcUpPartyKindParts) {}

  async proceed(journey: Journey, frame: Frame, party: OidcUpParty): Promise<NextStep> {
    if (memoryOf(frame) && frame.asked) {
      // The user came back by hand from a provider that was chosen among several: perhaps it was the wrong one.
      askAgain(frame);
      return goOn;
    }
    const view = journey.view(frame);
    const provider = await this.parts.providers.of({ view, party });
    if (!provider.ok) {
      frame.result = failedByMiss(party, provider.error);
      return goOn;
    }
    const { authorization_endpoint, answering } = provider.value;
    const [issuer] = answering;
    if (authorization_endpoint === undefined || issuer === undefined) {
      frame.result = failedAt(
        party,
        'server_error',
        'the identity provider cannot be used',
        'it has no address to ask',
      );
      return goOn;
    }
    const memory = newMemory(journey.sequence.id, party, { issuer, max_age: frame.login.max_age });
    frame.up = memory;
    const { redirect_uri } = addressesOf(this.parts.base_url, view, party);
    return {
      kind: 'redirect',
      url: requestUrl(authorization_endpoint, party, { memory, redirect_uri, login: frame.login }),
    };
  }
}

/** Consent is the down-party's own page; what else `prompt` may say is the provider's to do. OIDC Core 3.1.2.1. */
const prompts: readonly Prompt[] = ['none', 'login', 'select_account'];

const requestUrl = (
  authorization_endpoint: string,
  party: OidcUpParty,
  { memory, redirect_uri, login }: { memory: OidcMemory; redirect_uri: string; login: LoginRequest },
): string =>
  authenticationRequestUrl(authorization_endpoint, {
    client_id: clientIdOf(party),
    redirect_uri,
    response_type: memory.response_type,
    response_mode: memory.response_mode,
    scope: party.scopes,
    state: memory.state,
    nonce: memory.nonce,
    ...(memory.code_verifier !== undefined && { code_challenge: challengeOf(memory.code_verifier) }),
    prompt: login.prompt.filter((prompt) => prompts.includes(prompt)),
    ...(login.max_age !== undefined && { max_age: login.max_age }),
    ...(login.login_hint !== undefined && { login_hint: login.login_hint }),
    acr_values: login.acr_values,
    ui_locales: login.ui_locales,
    additional: party.additional_parameters,
  });
