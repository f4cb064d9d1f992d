import { fail, ok, type Outcome } from '@corsac/outcome';
import type { ConfigCache, ConfigMiss, TrackView } from '@corsac/config-cache';
import type { Sealer } from '@corsac/data';
import type { Logger } from '@corsac/telemetry';
import type { SigningAlg } from '@corsac/jwt';
import type { KeyRing } from './key-ring.js';
import type { KeyChange, KeyStore, TrackName } from './key-store.js';
import { makeKey } from './make-key.js';
import { planKeys, type RotationCommand } from './plan-keys.js';
import type { KeyRules, MadeKey, TrackKey } from './track-key.js';

export interface KeyKeeperParts {
  readonly store: KeyStore;
  readonly ring: Pick<KeyRing, 'forget'>;
  readonly config: Pick<ConfigCache, 'track'>;
  readonly sealer: Pick<Sealer, 'seal'>;
  readonly nowMs: () => number;
  /** Tells every replica that a track's keys are to be read again. */
  readonly announce: (name: TrackName) => Promise<void>;
  readonly logger: Logger;
}

/** How a track's keys are brought to where they should be. */
export interface KeepOrder {
  /** A rotation that somebody asked for. */
  readonly command?: RotationCommand;
  /** Where both are missing, only the keys that cost nothing are made, and the track is looked at again after all others. */
  readonly quick_first?: boolean;
}

/** Between two looks for tracks whose time has come, when nobody is in a hurry. */
const idleMs = 15_000;
/** After this long what could not be done is tried again. */
const retryMs = 1_000;
/** After this long another replica takes over what one has claimed and not finished. */
const lease_s = 60;
/** Tracks claimed at once. */
const claimed = 8;
/** An algorithm whose keys are made in less than a millisecond; RSA takes two hundred times as long. */
const isQuick = ({ alg }: { readonly alg: SigningAlg }): boolean => alg === 'ES256' || alg === 'EdDSA';
/** The longest that any token may live (limits of client settings, reference 2.2): so long a key stays published at least. */
const longestToken_s = 86_400;

/**
 * Sees to it that every track has the keys it should have, ahead of need and one at a time, in the background. Many new tracks at
 * once all get the keys that cost nothing before the first of them gets an RSA key. Any number of
 * replicas may do it: due tracks are claimed, and what is decided is decided again under the row lock.
 */
export class KeyKeeper {
  private readonly urgent = new Map<string, TrackName>();
  private readonly keeping = new Map<string, Promise<Outcome<readonly TrackKey[], ConfigMiss>>>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopped = true;

  constructor(private readonly parts: KeyKeeperParts) {}

  start(): void {
    this.stopped = false;
    this.poke();
  }

  /** Resolves when nothing is being made any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** A request wants a key that is not there: this track comes before all others. */
  hurry(name: TrackName): void {
    this.urgent.set(`${name.tenant}/${name.track}`, name);
    this.poke();
  }

  /** Tracks may be new or changed: notes them durably, and looks soon. @throws StoreUnavailable */
  async changed(names: readonly TrackName[]): Promise<void> {
    await this.parts.store.note(names);
    await this.parts.store.hasten(names);
    this.poke();
  }

  /**
   * Brings one track's keys to where they should be, or where a command wants them. Who asks for the same while it is being done
   * gets the same answer. @throws StoreUnavailable
   */
  keep(name: TrackName, order: KeepOrder = {}): Promise<Outcome<readonly TrackKey[], ConfigMiss>> {
    const what = JSON.stringify([name.tenant, name.track, order]);
    const keeping = this.keeping.get(what) ?? this.bringUp(name, order).finally(() => this.keeping.delete(what));
    this.keeping.set(what, keeping);
    return keeping;
  }

  private async bringUp(
    name: TrackName,
    { command, quick_first }: KeepOrder,
  ): Promise<Outcome<readonly TrackKey[], ConfigMiss>> {
    const view = await this.parts.config.track(name.tenant, name.track);
    if (!view.ok) return fail(view.error);
    const rules = keyRulesOf(view.value);
    const when = { now: Math.floor(this.parts.nowMs() / 1000), ...(command && { command }) };
    const { keys } = await this.parts.store.read(name);
    const { missing, moves } = planKeys(keys, rules, when);
    // Where a key is to move as well, all are made at once: a move is never carried out without the keys planned beside it.
    const quick = quick_first && moves.length === 0 ? missing.filter(isQuick) : [];
    const made = await this.make(quick.length > 0 ? quick : missing, name);
    const changed = await this.parts.store.change(name, (locked) =>
      decide(planKeys(locked, rules, when), made, when.now),
    );
    if (changed) {
      this.parts.ring.forget(name);
      await this.parts.announce(name);
    }
    return ok((await this.parts.store.read(name)).keys);
  }

  private async make(missing: readonly { readonly alg: SigningAlg }[], name: TrackName): Promise<MadeKey[]> {
    const made: MadeKey[] = [];
    const now = Math.floor(this.parts.nowMs() / 1000);
    // One after the other: signing needs the threads as well.
    for (const { alg } of missing) made.push(await makeKey(alg, name, { sealer: this.parts.sealer, now }));
    return made;
  }

  /** Looks now for tracks whose time has come. */
  poke(): void {
    if (this.stopped || this.running) return;
    clearTimeout(this.timer);
    this.running = this.work().then((done) => {
      this.running = undefined;
      if (this.stopped) return;
      this.timer = setTimeout(() => this.poke(), !done ? retryMs : this.urgent.size > 0 ? 0 : idleMs);
      this.timer.unref();
    });
  }

  /** False: something was away, and what is due stays due. */
  private async work(): Promise<boolean> {
    try {
      while (!this.stopped) {
        if (!(await this.keepUrgent())) return false;
        const now = Math.floor(this.parts.nowMs() / 1000);
        const due = await this.parts.store.claimDue({ now, limit: claimed, lease_s });
        if (due.length === 0 && this.urgent.size === 0) return true;
        for (const name of due) {
          if (!(await this.keepUrgent())) return false;
          if (!this.stopped && !(await this.keepQuietly(name))) return false;
        }
      }
      return true;
    } catch (error) {
      this.parts.logger.warn({ error }, 'keys could not be looked after, will be tried again');
      return false;
    }
  }

  /** Tracks that a request waits for come before all others. */
  private async keepUrgent(): Promise<boolean> {
    for (const [key, name] of this.urgent) {
      if (this.stopped) return true;
      this.urgent.delete(key);
      if (!(await this.keepQuietly(name))) return false;
    }
    return true;
  }

  private async keepQuietly(name: TrackName): Promise<boolean> {
    const kept = await this.keep(name, { quick_first: true });
    if (kept.ok || kept.error === 'not_found') return true;
    this.parts.logger.debug({ ...name }, 'keys wait for the configuration of their track');
    await this.parts.store.hasten([name]);
    return false;
  }
}

/** The track's settings, with a key published at least as long as its last token can live. */
const keyRulesOf = ({ settings }: TrackView): KeyRules => ({
  ...settings.keys,
  keep_after_use: Math.max(settings.keys.keep_after_use, longestToken_s),
});

/**
 * A plan with the keys that were made for it. Another replica may have been first: then some, or all, are not needed. Where some
 * are still missing, those that are there begin already, unless another key would stop signing meanwhile.
 */
const decide = (plan: ReturnType<typeof planKeys>, made: readonly MadeKey[], now: number): KeyChange => {
  const left = [...made];
  const add = plan.missing.flatMap(({ alg, ...life }) => {
    const at = left.findIndex((key) => key.alg === alg);
    return at < 0 ? [] : left.splice(at, 1).map((key) => ({ ...key, ...life }));
  });
  if (add.length < plan.missing.length) return { moves: [], add: plan.moves.length === 0 ? add : [], due_at: now };
  return { moves: plan.moves, add, due_at: plan.due_at };
};
