import type { ConfigCache, TrackView } from '@corsac/config-cache';
import type { HttpRequest } from '@corsac/http';
import { randomName } from '@corsac/random';
import type { Browser } from '../browser/browser.js';
import type { JourneyNote, Note } from '../journey/claims-step.js';
import { standingOf, type Standing } from '../journey/events-of-turn.js';
import type { SequenceStore } from './sequence-store.js';
import type { Frame, Sequence } from './sequence.js';

/** A track was removed, or configuration cannot be read, while a journey was on its way through it. */
export class TrackGone extends Error {
  override readonly name = 'TrackGone';
  constructor(
    readonly reason: 'not_found' | 'unavailable',
    readonly track: string,
  ) {
    super(`track ${track}: ${reason}`);
  }
}

export interface JourneyParts {
  readonly sequences: SequenceStore;
  readonly config: ConfigCache;
  readonly now: () => number;
}

/**
 * One request's hold on a sequence, with the browser it came from. Parts of the journey write what they learned into the
 * top frame; whether and when that is kept is decided in one place, the dispatcher.
 */
export class Journey {
  /** How it stood when the request came, before anything was learned from it. */
  readonly began: Standing;
  /** What was told before anybody listened. */
  private readonly told: JourneyNote[] = [];
  private listener: Note | undefined;
  private claimed: string | undefined;
  /** Of the tracks that this request passes: it sees one version of each. */
  private readonly views = new Map<string, TrackView>();

  private constructor(
    private readonly parts: JourneyParts,
    readonly sequence: Sequence,
    /** Of the kept sequence; undefined when it has to be read again. `new`: it was never kept. */
    private version: string | undefined,
    readonly browser: Browser,
    readonly request: HttpRequest,
  ) {
    this.began = standingOf(sequence);
  }

  /** A new journey; nothing is kept until it has to wait for the browser. */
  static begin(
    parts: JourneyParts,
    from: { browser: Browser; request: HttpRequest },
    start: { view: TrackView; frame: Frame },
  ): Journey {
    const created = parts.now();
    const sequence: Sequence = {
      id: randomName(24),
      tenant: start.view.tenant,
      created,
      expires: created + start.view.settings.sequence_lifetime,
      binding: from.browser.bind(),
      revision: 0,
      frames: [start.frame],
    };
    from.request.note({ sequence: sequence.id });
    const journey = new Journey(parts, sequence, 'new', from.browser, from.request);
    journey.views.set(start.frame.track, start.view);
    return journey;
  }

  /** Goes on with a journey that this very browser began; whose it is not, does not exist for it. */
  static async resume(
    parts: JourneyParts,
    from: { browser: Browser; request: HttpRequest },
    place: { view: TrackView; id: string },
  ): Promise<Journey | 'expired' | 'unknown'> {
    const found = await parts.sequences.find(place.view.tenant, place.id);
    if (found.state !== 'open') return found.state;
    if (!from.browser.isBoundTo(found.sequence.binding)) return 'unknown';
    from.request.note({ sequence: found.sequence.id });
    const journey = new Journey(parts, found.sequence, found.version, from.browser, from.request);
    journey.views.set(place.view.track, place.view);
    return journey;
  }

  /** Where the journey stands. */
  get frame(): Frame {
    const frame = this.sequence.frames.at(-1);
    if (!frame) throw new Error('a sequence has no frame');
    return frame;
  }

  /** This request began it: nothing was kept of it when the request came. */
  get isNew(): boolean {
    return this.version === 'new';
  }

  /** For the record of the journey: what its outcome alone would not show. Never a secret, code, token or claim's value. */
  readonly note: Note = (note) => {
    if (this.listener) this.listener(note);
    else this.told.push(note);
  };

  /** Who hears of notes from now on; those of before come at once. */
  listen(listener: Note): void {
    this.listener = listener;
    for (const note of this.told.splice(0)) listener(note);
  }

  now(): number {
    return this.parts.now();
  }

  /** Reads the configuration of all frames' tracks, for `view`. @throws TrackGone, which the endpoint turns into a page */
  async look(): Promise<void> {
    const { tenant, frames } = this.sequence;
    for (const { track } of frames) {
      if (this.views.has(track)) continue;
      const read = await this.parts.config.track(tenant, track);
      if (!read.ok) throw new TrackGone(read.error, track);
      this.views.set(track, read.value);
    }
  }

  /** The configuration of a frame's track, once it was looked at. */
  view(frame: Frame = this.frame): TrackView {
    const view = this.viewOf(frame.track);
    if (!view) throw new Error(`track ${frame.track} of a frame was not looked at`);
    return view;
  }

  /** The configuration of a track that this request passed. */
  viewOf(track: string): TrackView | undefined {
    return this.views.get(track);
  }

  /** Keeps the sequence before the browser goes away; false when another tab was quicker. */
  async save(): Promise<boolean> {
    const version = this.version ?? (await this.ownVersion());
    this.version = undefined;
    if (version === undefined) return false;
    if (version !== 'new') return this.parts.sequences.replace(this.sequence, version);
    await this.parts.sequences.put(this.sequence);
    return true;
  }

  /** Saves, and waits until no crash forgets it: before something is done that cannot be done twice. */
  async keep(): Promise<boolean> {
    if (!(await this.save())) return false;
    await this.settled();
    return true;
  }

  /** Reads the sequence again, after somebody else wrote it on this journey's behalf; false when it is over. */
  async reload(): Promise<boolean> {
    const found = await this.parts.sequences.find(this.sequence.tenant, this.sequence.id);
    if (found.state !== 'open') return false;
    this.sequence.revision = found.sequence.revision;
    this.sequence.frames.splice(0, this.sequence.frames.length, ...found.sequence.frames);
    this.version = found.version;
    await this.look();
    return true;
  }

  /**
   * Makes sure that no other request goes on from what this one learned; false when another was quicker. Nothing is kept of it: that is for what
   * can be asked once more, as a password can.
   */
  async claim(): Promise<boolean> {
    this.claimed = await this.parts.sequences.claim(this.sequence);
    return this.claimed !== undefined;
  }

  /** This request failed on the way: the same may be made again. */
  async release(): Promise<void> {
    if (this.claimed !== undefined) await this.parts.sequences.release(this.claimed);
  }

  /** Ends the sequence with its answer; false when another tab was quicker, whose answer counts. */
  async end(): Promise<boolean> {
    return this.version === 'new' || this.parts.sequences.end(this.sequence);
  }

  /** Resolves when nothing that was changed on the way can be forgotten any more. */
  settled(): Promise<void> {
    return this.parts.sequences.settled();
  }

  /** The version under which this journey itself last wrote; undefined when somebody wrote since. */
  private async ownVersion(): Promise<string | undefined> {
    const found = await this.parts.sequences.find(this.sequence.tenant, this.sequence.id);
    return found.state === 'open' && found.sequence.revision === this.sequence.revision ? found.version : undefined;
  }
}
