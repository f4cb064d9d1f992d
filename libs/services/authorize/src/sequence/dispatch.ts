import { loginAddress } from '@corsac/model';
import type { DownPartyKinds } from '../down-party/down-party.js';
import type { Note } from '../journey/claims-step.js';
import { askedBy, eventsOfTurn, standingOf } from '../journey/events-of-turn.js';
import type { JourneyRecorder } from '../journey/recorder.js';
import { isUnsettled } from '../external-users/settle-record.js';
import { rememberChoice } from '../home-realm/remember-choice.js';
import type { UpPartyKinds } from '../up-party/up-party.js';
import type { Frame, SignedIn } from './sequence.js';
import type { Journey } from './journey.js';
import { goOn, overtaken, type Away, type NextStep, type Overtaken, type Step } from './step.js';

/** A journey that turns in circles is a bug or a loop of links; it never needs as many turns as this. */
const mostTurns = 40;

export interface DispatcherParts {
  readonly downParties: DownPartyKinds;
  readonly upParties: UpPartyKinds;
  /** Takes down what happens, for people to look at. */
  readonly recorder: Pick<JourneyRecorder, 'record'>;
  /** Finds out which up-party answers: single sign-on, home realm discovery, or the user's choice. */
  readonly choose: (journey: Journey, frame: Frame) => Promise<NextStep>;
  /** Finds the track's record of a user whom another provider signed in. */
  readonly settle: (journey: Journey, frame: Frame, result: SignedIn) => Promise<NextStep>;
}

const ends = (step: Step | Away | Overtaken): boolean => 'ends' in step && step.ends === true;

/**
 * The one place that knows what comes next. It looks at the frame where the journey stands: a result goes to the
 * down-party, a chosen up-party goes on, and without either one is chosen. Parts persist nothing and know no other part.
 */
export class Dispatcher {
  constructor(private readonly parts: DispatcherParts) {}

  /** @param first what a page's form came to; unsaid, the journey is looked at as it stands */
  async dispatch(journey: Journey, first: NextStep = goOn): Promise<Step | Away | Overtaken> {
    const { isNew } = journey;
    try {
      const step = await this.advance(journey, first);
      // Sequence, session and code were changed on the way: one wait for all of them, before the browser hears of any. Where a journey has
      // merely begun, it can be begun anew should this process die in this very moment.
      if (!isNew || ends(step)) await journey.settled();
      return step;
    } catch (error) {
      await journey.release();
      throw error;
    }
  }

  private async advance(journey: Journey, first: NextStep): Promise<Step | Away | Overtaken> {
    let step = first;
    await journey.look();
    const record = this.recorderOf(journey);
    if (journey.isNew) record(askedBy(journey.frame));
    journey.listen(record);
    // What a form or a provider's answer came to was learned before this.
    eventsOfTurn(journey.began, journey.sequence, first).forEach(record);
    for (let turn = 0; turn < mostTurns; turn += 1) {
      if (step.kind === 'continue') {
        const before = standingOf(journey.sequence);
        step = await this.next(journey, journey.frame);
        eventsOfTurn(before, journey.sequence, step).forEach(record);
        continue;
      }
      if (step.kind === 'overtaken') return step;
      if (step.kind === 'away') return this.waitFor(journey, step);
      const kept = step.ends ? await journey.end() : await journey.save();
      return kept ? step : overtaken;
    }
    throw new Error(`the journey did not come to a step in ${mostTurns} turns`);
  }

  /**
   * Whoever signed the user in cannot be asked twice: a provider's code is spent. So what was learned is kept until the other
   * service is back. A journey that begins with this very request begins anew when that is made again.
   */
  private async waitFor(journey: Journey, step: Away): Promise<Away> {
    if (journey.isNew || !journey.frame.result || !(await journey.save())) return step;
    const { sequence, frame } = journey;
    const upParty = frame.upParty ?? '-';
    const page = loginAddress({ base: '', tenant: sequence.tenant, track: frame.track, upParty, style: 'brackets' });
    return { ...step, retry: `${page}/${sequence.id}` };
  }

  /** Each event is kept as long as its own track wants it. */
  private recorderOf(journey: Journey): Note {
    const here = journey.view();
    const { tenant, id } = journey.sequence;
    return (note) => {
      const { settings } = journey.viewOf(note.track) ?? here;
      this.parts.recorder.record({ tenant, sequence_id: id, journey: 'login', settings }, note);
    };
  }

  private async next(journey: Journey, frame: Frame): Promise<NextStep> {
    if (frame.result?.ok && isUnsettled(frame.result)) return this.parts.settle(journey, frame, frame.result);
    if (frame.result) {
      const kind = this.parts.downParties.get(frame.down.type);
      if (!kind) throw new Error(`no down-party kind ${frame.down.type}`);
      if (frame.result.ok && frame.asked) rememberChoice(journey, frame.track, frame.result.up_party);
      return kind.answer(journey, frame, frame.result);
    }
    if (frame.upParty === undefined) return this.parts.choose(journey, frame);
    const party = journey.view(frame).upParty(frame.upParty);
    const kind = party && this.parts.upParties.get(party.type);
    if (!kind) {
      // Removed, or made a mere trust, since the journey began.
      frame.result = {
        ok: false,
        error: 'server_error',
        error_description: 'the way of signing in is no longer there',
        detail: frame.upParty,
      };
      return { kind: 'continue' };
    }
    return kind.proceed(journey, frame, party as never);
  }
}
