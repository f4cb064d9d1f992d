import { randomBytes } from 'node:crypto';
import type { Fingerprinter } from '@corsac/data';
import {
  enrolPage,
  recoveryCodePage,
  recoveryCodesPage,
  totpPage,
} from '../../pages/second-factor/second-factor-pages.js';
import type { TextKey } from '../../pages/texts/texts.js';
import type { PageForm } from '../../sequence/page-action.js';
import { goOn, type NextStep, type PageContent } from '../../sequence/step.js';
import { makeRecoveryCodes, recoveryCandidates, recoveryHash } from '../../users/recovery-codes.js';
import { base32, matchTotp, otpauthUri } from '../../users/totp.js';
import type { StoredUser } from '../../users/user-store.js';
import { guessOf } from './check-password.js';
import type { LoginStep } from './login-up-party.js';
import { learn, progressOf, userPlace, type LoginParts, type LoginTurn, type Requirement } from './login-turn.js';

export interface SecondFactorParts extends LoginParts {
  /** Of purpose `recovery-code`. */
  readonly fingerprinter: Fingerprinter;
}

/** RFC 4226 4: 160 bits. */
const seedBytes = 20;
const pageStep = (page: PageContent): NextStep => ({ kind: 'page', page });

/**
 * The second factor: an authenticator app, with recovery codes for the day when it is lost. Asked when the up-party, the
 * user or the application wants it; who has none yet sets it up.
 */
export class SecondFactor {
  constructor(private readonly parts: SecondFactorParts) {}

  readonly requirements: readonly Requirement[] = [
    {
      isMissing: (turn, user) => progressOf(turn).factor === undefined && isWanted(turn, user),
      ask: async (turn, user) => this.ask(turn, user),
    },
    {
      isMissing: (turn) => progressOf(turn).new_codes !== undefined,
      ask: async (turn) => this.showCodes(turn),
    },
  ];

  get steps(): Readonly<Record<string, LoginStep>> {
    return {
      code: this.withUser((turn, user, form) => this.checkCode(turn, user, form.text('code'))),
      recovery_code: this.withUser((turn, user, form) => this.checkRecoveryCode(turn, user, form.text('code'))),
      enrol: this.withUser((turn, user, form) => this.enrol(turn, user, form.text('code'))),
      use_recovery: async (turn) => this.look(turn, 'recovery'),
      use_app: async (turn) => this.look(turn, undefined),
      codes_kept: async (turn) => {
        learn(turn, { new_codes: undefined });
        return goOn;
      },
    };
  }

  /** A code counts only for somebody whose password was right, and who still may sign in. */
  private withUser(step: (turn: LoginTurn, user: StoredUser, form: PageForm) => Promise<NextStep>): LoginStep {
    return async (turn, form) => {
      const { proven, factor } = progressOf(turn);
      const user = proven && !factor ? await this.parts.users.read(userPlace(turn), proven.user_id) : undefined;
      return user && !user.disabled ? step(turn, user, form) : goOn;
    };
  }

  private look(turn: LoginTurn, detour: 'recovery' | undefined): NextStep {
    learn(turn, { detour });
    return goOn;
  }

  private ask(turn: LoginTurn, user: StoredUser, error?: TextKey | 'braked'): NextStep {
    if (user.totp_seed === undefined) return this.askToEnrol(turn, user, error);
    const { scene } = turn;
    const isRecovery = progressOf(turn).detour === 'recovery';
    return pageStep((isRecovery ? recoveryCodePage : totpPage)(scene, pageParts(turn, error)));
  }

  private askToEnrol(turn: LoginTurn, user: StoredUser, error?: TextKey | 'braked'): NextStep {
    const { frame, party, scene } = turn;
    if (!party.enable_two_factor_app) {
      frame.result = {
        ok: false,
        error: 'access_denied',
        error_description: 'a second factor is required and there is no way to set one up',
      };
      return goOn;
    }
    const seed = this.seedInProgress(turn) ?? this.newSeed(turn);
    const text = base32(seed);
    const otpauth_uri = otpauthUri(text, {
      issuer: party.two_factor_app_name ?? party.title ?? turn.view.tenant,
      account: user.email ?? user.username ?? user.phone ?? user.user_id,
    });
    return pageStep(enrolPage(scene, { ...pageParts(turn, error), otpauth_uri, seed: text }));
  }

  private async checkCode(turn: LoginTurn, user: StoredUser, typed: string): Promise<NextStep> {
    const seed = user.totp_seed === undefined ? undefined : this.open(turn, 'totp-seed', user.totp_seed);
    if (!seed) return goOn;
    return this.guess(turn, user, async () => {
      const step = matchTotp(seed, typed, turn.journey.now());
      return step !== undefined && this.parts.users.useTotpStep(userPlace(turn), user.user_id, step);
    });
  }

  private async checkRecoveryCode(turn: LoginTurn, user: StoredUser, typed: string): Promise<NextStep> {
    return this.guess(turn, user, async () => {
      for (const hash of recoveryCandidates(this.parts.fingerprinter, user.user_id, typed)) {
        if (await this.parts.users.useRecoveryCode(userPlace(turn), user.user_id, hash)) return true;
      }
      return false;
    });
  }

  /** One guess at a code, with the brakes on; right, it is the second factor. */
  private async guess(turn: LoginTurn, user: StoredUser, isRight: () => Promise<boolean>): Promise<NextStep> {
    const { brakes } = this.parts;
    const guess = guessOf(turn, `user ${user.user_id}`, 'code');
    if (await brakes.waits(guess)) return this.ask(turn, user, 'braked');
    if (!(await isRight())) {
      await brakes.failed(guess);
      return this.ask(turn, user, 'code_wrong');
    }
    if (!(await brakes.believes(guess))) return this.ask(turn, user, 'braked');
    learn(turn, { factor: 'otp', detour: undefined });
    return goOn;
  }

  private async enrol(turn: LoginTurn, user: StoredUser, typed: string): Promise<NextStep> {
    const seed = this.seedInProgress(turn);
    // Who has an app already proves it; nobody puts another one in its place with a password alone.
    if (!seed || user.totp_seed !== undefined) return goOn;
    const now = turn.journey.now();
    const step = matchTotp(seed, typed, now);
    if (step === undefined) return this.ask(turn, user, 'code_wrong');
    const codes = makeRecoveryCodes();
    const enrolled = await this.parts.users.enrol(userPlace(turn), user.user_id, {
      totp_seed: this.seal(turn, 'totp-seed', seed),
      totp_step: step,
      recovery_codes: codes.map((code) => recoveryHash(this.parts.fingerprinter, user.user_id, code)),
      now,
    });
    learn(turn, { enrolling: undefined });
    if (!enrolled) return goOn;
    learn(turn, { factor: 'otp', new_codes: this.seal(turn, 'new-recovery-codes', Buffer.from(codes.join(' '))) });
    return goOn;
  }

  private showCodes(turn: LoginTurn): NextStep {
    const sealed = progressOf(turn).new_codes;
    const codes = sealed === undefined ? undefined : this.open(turn, 'new-recovery-codes', sealed);
    return pageStep(recoveryCodesPage(turn.scene, { ...pageParts(turn), codes: codes?.toString().split(' ') ?? [] }));
  }

  private newSeed(turn: LoginTurn): Buffer {
    const seed = randomBytes(seedBytes);
    learn(turn, { enrolling: this.seal(turn, 'totp-enrolment', seed) });
    return seed;
  }

  private seedInProgress(turn: LoginTurn): Buffer | undefined {
    const { enrolling } = progressOf(turn);
    return enrolling === undefined ? undefined : this.open(turn, 'totp-enrolment', enrolling);
  }

  private seal(turn: LoginTurn, purpose: string, plain: Uint8Array): string {
    return this.parts.sealer.seal(plain, { purpose, ...userPlace(turn) });
  }

  private open(turn: LoginTurn, purpose: string, sealed: string): Buffer | undefined {
    const opened = this.parts.sealer.unseal(sealed, { purpose, ...userPlace(turn) });
    if (opened.ok) return opened.value;
    turn.journey.request.logger.error({ reason: opened.error, purpose }, 'a sealed secret of a user does not open');
    return undefined;
  }
}

const isWanted = ({ party, frame }: LoginTurn, user: StoredUser): boolean =>
  party.require_two_factor || user.require_multi_factor || frame.login.mfa;

const pageParts = ({ place, form_targets }: LoginTurn, error?: TextKey | 'braked') => ({
  place,
  form_targets,
  error: error === 'braked' ? ('braked_text' as const) : error,
  ...(error === 'braked' && { status: 429 }),
});
