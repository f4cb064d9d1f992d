import type { LoginUpParty } from '@corsac/model';
import { identifierPage, passwordPage } from '../../pages/sign-in/identifier-page.js';
import type { TextKey } from '../../pages/texts/texts.js';
import type { Journey } from '../../sequence/journey.js';
import type { PageAction, PageActions, PageForm } from '../../sequence/page-action.js';
import type { Frame } from '../../sequence/sequence.js';
import { away, goOn, type NextStep, type PageContent } from '../../sequence/step.js';
import { askAgain } from '../../home-realm/remember-choice.js';
import { loginRequired } from '../../sign-in/choose.js';
import { identifierKinds, longestIdentifier } from '../../users/identifiers.js';
import type { UpPartyKind } from '../up-party.js';
import { checkPassword } from './check-password.js';
import { finish } from './finish.js';
import { learn, LoginTurn, progressOf, type LoginParts, type Requirement } from './login-turn.js';

/** A step of the login pages. */
export type LoginStep = (turn: LoginTurn, form: PageForm) => Promise<NextStep>;

/** Pages beside the straight way, by the detour that leads to them. */
export type Detours = Readonly<Partial<Record<string, (turn: LoginTurn) => Promise<NextStep>>>>;

export interface LoginKindParts extends LoginParts {
  /** What may be missing after the password, in the order in which it is asked. */
  readonly requirements: readonly Requirement[];
  readonly detours: Detours;
  /** Steps that other files of this folder bring, by name. */
  readonly steps: Readonly<Record<string, LoginStep>>;
}

/**
 * Signs in users of the track itself: who, then the password, then whatever is missing. What is known stands in the
 * frame; a page is made of it and of nothing else, so that a reload shows where the login stands.
 */
export class LoginUpPartyKind implements UpPartyKind<'login'> {
  readonly type = 'login';

  constructor(private readonly parts: LoginKindParts) {}

  async proceed(journey: Journey, frame: Frame, party: LoginUpParty): Promise<NextStep> {
    if (frame.login.prompt.includes('none')) {
      frame.result = loginRequired;
      return goOn;
    }
    return this.show(new LoginTurn(journey, frame, party));
  }

  /** The steps of the pages. A form that comes when the journey has gone on elsewhere changes nothing. */
  get actions(): PageActions {
    const steps: Readonly<Record<string, LoginStep>> = {
      identifier: this.identify,
      password: this.password,
      use_another: this.useAnother,
      cancel: this.cancel,
      back: this.back,
      ...this.parts.steps,
    };
    return Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, this.actionOf(step)]));
  }

  /** Looks at what is known and shows what is due. */
  private async show(turn: LoginTurn): Promise<NextStep> {
    const { proven, detour, identifier } = progressOf(turn);
    const beside = detour === undefined ? undefined : this.parts.detours[detour];
    if (beside) return beside(turn);
    if (proven) return finish(this.parts, this.parts.requirements, turn);
    const name = identifier?.trim() ?? '';
    const isKnown = name !== '' && name.length <= longestIdentifier && detour !== 'identifier';
    return pageStep(isKnown ? this.passwordPage(turn, name) : this.identifierPage(turn, name));
  }

  private actionOf(step: LoginStep): PageAction {
    return async (journey, form) => {
      const { frame } = journey;
      const party = frame.upParty === undefined ? undefined : journey.view(frame).upParty(frame.upParty);
      if (frame.result || party?.type !== 'login') return goOn;
      return step(new LoginTurn(journey, frame, party), form);
    };
  }

  private readonly identify: LoginStep = async (turn, form) => {
    const identifier = form.trimmed('username');
    if (identifier === '' || identifier.length > longestIdentifier)
      return pageStep(this.identifierPage(turn, identifier, 'identifier_missing'));
    turn.frame.up = { identifier };
    return goOn;
  };

  private readonly password: LoginStep = async (turn, form) => {
    const identifier = form.trimmed('username') || (progressOf(turn).identifier ?? '');
    const password = form.text('password');
    if (identifier === '' || identifier.length > longestIdentifier)
      return pageStep(this.identifierPage(turn, identifier, 'identifier_missing'));
    // Whoever signs in anew begins anew: nothing that another user showed counts for this one.
    turn.frame.up = { identifier };
    if (password === '') return pageStep(this.passwordPage(turn, identifier, 'missing'));
    const verdict = await checkPassword(this.parts, turn, { identifier, password });
    const { request } = turn.journey;
    if (verdict.kind === 'busy') return away('password hashing');
    if (verdict.kind !== 'right') {
      request.logger.info({ reason: verdict.kind }, 'a sign-in by password failed');
      const page = this.passwordPage(turn, identifier, verdict.kind === 'braked' ? 'braked_text' : 'wrong_credentials');
      return pageStep(verdict.kind === 'braked' ? { ...page, status: 429 } : page);
    }
    const { user_id, epoch } = verdict.user;
    learn(turn, { proven: { user_id, auth_time: turn.journey.now(), epoch } });
    return finish(this.parts, this.parts.requirements, turn, verdict.user);
  };

  /** Back to the question who; where there was a choice among up-parties, in this track or beneath, to that choice. */
  private readonly useAnother: LoginStep = async ({ journey }) => {
    const { frames } = journey.sequence;
    const chosenAt = frames.findLastIndex(({ login }) => login.up_parties.length > 1);
    frames.splice(chosenAt < 0 ? frames.length : chosenAt + 1);
    if (chosenAt < 0) journey.frame.up = { detour: 'identifier' };
    else askAgain(journey.frame);
    return goOn;
  };

  /** Back from a detour; what was begun there is forgotten. */
  private readonly back: LoginStep = async (turn) => {
    learn(turn, { detour: undefined, pending: undefined, mailed: undefined });
    return goOn;
  };

  private readonly cancel: LoginStep = async ({ frame, party }) => {
    if (party.enable_cancel_login)
      frame.result = { ok: false, error: 'access_denied', error_description: 'the user cancelled the sign-in' };
    return goOn;
  };

  private identifierPage(turn: LoginTurn, identifier: string, error?: TextKey): PageContent {
    const { party, scene, place, form_targets } = turn;
    return identifierPage(scene, {
      place,
      kinds: identifierKinds(party),
      identifier,
      error,
      may_cancel: party.enable_cancel_login,
      may_create: party.enable_create_user,
      form_targets,
    });
  }

  private passwordPage(turn: LoginTurn, identifier: string, error?: TextKey | 'missing'): PageContent {
    const { party, scene, place, form_targets } = turn;
    return passwordPage(scene, {
      place,
      kinds: identifierKinds(party),
      identifier,
      ...(error === 'missing' ? { password_missing: true } : { error }),
      may_cancel: party.enable_cancel_login,
      may_reset: party.enable_reset_password,
      form_targets,
    });
  }
}

const pageStep = (page: PageContent): NextStep => ({ kind: 'page', page });
