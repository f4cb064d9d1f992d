import { fail, ok, type Outcome } from '@corsac/outcome';
import type { ConfigCache, ConfigMiss, TrackView } from '@corsac/config-cache';
import { Batcher, type Sealer } from '@corsac/data';
import type { Logger } from '@corsac/telemetry';
import type { SigningAlg } from '@corsac/jwt';
import type { KeyRing } from './key-ring.js';
import type { KeyChange, KeyStore, TrackName } from './key-store.js';
import { makeKey } from './make-key.js';
import { planKeys, type KeyPlan, type RotationCommand } from './plan-keys.js';
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

/** How tracks' keys are brought to where they should be. */
export interface KeepOrder {
  /** A rotation that somebody asked for. */
  readonly command?: RotationCommand;
  /** `quick`: keys that cost nothing, the others later. `quick_first`: the same, but where none costs nothing, all. */
  readonly make: 'all' | 'quick_first' | 'quick';
}

/** Between two looks for tracks whose time has come, when nobody is in a hurry. */
const idleMs = 15_000;
/** After this long what could not be done is tried again. */
const retryMs = 1_000;
/** After this long another replica takes over what one has claimed and not finished. */
const lease_s = 60;
/** New and changed tracks claimed at once: they share statements, and none waits for a key that takes long. */
const claimedNew = 32;
/** Tracks claimed at once whose keys take long. */
const claimedSlow = 4;
/** An algorithm whose keys are made in less than a millisecond; RSA takes two hundred times as long. */
const isQuick = ({ alg }: { readonly alg: SigningAlg }): boolean => alg === 'ES256' || alg === 'EdDSA';
/** The longest that any token may live (limits of client settings, reference 2.2): so long a key stays published at least. */
const longestToken_s = 86_400;

/**
 * Sees to it that every track has the keys it should have, ahead of need, in the background. Many new tracks at once all get the
 * keys that cost nothing, a portion of them together, before the first of them gets an RSA key; those are made one at a time. Any
 * number of replicas may do it: due tracks are claimed, and what is decided is decided again under the row locks.
 */
export class KeyKeeper {
  private readonly urgent = new Map<string, TrackName>();
  private readonly hastened: Batcher<TrackName, TrackName>;
  private readonly keeping = new Map<string, Promise<Outcome<readonly TrackKey[], ConfigMiss>>>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopped = true;
  /** Somebody came while it was looking, perhaps behind its back. */
  private poked = false;

  constructor(private readonly parts: KeyKeeperParts) {
    this.hastened = new Batcher({
      nameOf: placeOf,
      run: async (names) => {
        await parts.store.hasten(names);
        return names;
      },
    });
  }

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
    this.urgent.set(placeOf(name), name);
    this.poke();
  }

  /** A track may be new or changed: notes it durably, many in one statement, and looks soon. @throws StoreUnavailable */
  async changed(name: TrackName): Promise<void> {
    await this.hastened.add(name);
    this.poke();
  }

  /**
   * Brings one track's keys to where they should be, or where a command wants them. Who asks for the same while it is being done
   * gets the same answer. @throws StoreUnavailable
   */
  keep(name: TrackName, command?: RotationCommand): Promise<Outcome<readonly TrackKey[], ConfigMiss>> {
    const what = JSON.stringify([name.tenant, name.track, command]);
    const keeping = this.keeping.get(what) ?? this.keepOne(name, command).finally(() => this.keeping.delete(what));
    this.keeping.set(what, keeping);
    return keeping;
  }

  private async keepOne(name: TrackName, command?: RotationCommand): Promise<Outcome<readonly TrackKey[], ConfigMiss>> {
    const [missed] = await this.bringUp([name], { make: 'all', ...(command && { command }) });
    return missed ? fail(missed) : ok((await this.parts.store.read(name)).keys);
  }

  /** @returns of each track why nothing could be done for it, where nothing could */
  private async bringUp(names: readonly TrackName[], order: KeepOrder): Promise<(ConfigMiss | undefined)[]> {
    const views = await Promise.all(names.map(({ tenant, track }) => this.parts.config.track(tenant, track)));
    const tracks = views.flatMap((view, at) => (view.ok ? [{ name: names[at]!, rules: keyRulesOf(view.value) }] : []));
    const there = tracks.map(({ name }) => name);
    const stored = await this.parts.store.readAll(there);
    const { command } = order;
    const when = { now: Math.floor(this.parts.nowMs() / 1000), ...(command && { command }) };
    const made: MadeKey[][] = [];
    for (const [at, { name, rules }] of tracks.entries())
      made.push(await this.make(planKeys(stored[at]!.keys, rules, when), name, order));
    const before: number[] = [];
    const changed = await this.parts.store.change(there, (locked, at) => {
      before[at] = locked.length;
      return decide(planKeys(locked, tracks[at]!.rules, when), made[at]!, when.now);
    });
    for (const [at, name] of there.entries()) {
      if (!changed[at]) continue;
      this.parts.ring.forget(name);
      // Nobody holds the keys of a track that had none.
      if (before[at]! > 0) await this.parts.announce(name);
    }
    return views.map((view) => (view.ok ? undefined : view.error));
  }

  private async make({ missing, moves }: KeyPlan, name: TrackName, order: KeepOrder): Promise<MadeKey[]> {
    // Where a key is to move as well, all are made at once: a move is never carried out without the keys planned beside it.
    const quick = moves.length === 0 ? missing.filter(isQuick) : [];
    const all = order.make === 'all' || (order.make === 'quick_first' && quick.length === 0);
    const made: MadeKey[] = [];
    const now = Math.floor(this.parts.nowMs() / 1000);
    // One after the other: signing needs the threads as well.
    for (const { alg } of all ? missing : quick)
      made.push(await makeKey(alg, name, { sealer: this.parts.sealer, now }));
    return made;
  }

  /** Looks now for tracks whose time has come. */
  private poke(): void {
    this.poked = true;
    if (this.stopped || this.running) return;
    clearTimeout(this.timer);
    this.poked = false;
    this.running = this.work().then((done) => {
      this.running = undefined;
      if (this.stopped) return;
      this.timer = setTimeout(() => this.poke(), !done ? retryMs : this.poked ? 0 : idleMs);
      this.timer.unref();
    });
  }

  /** False: something was away, and what is due stays due. */
  private async work(): Promise<boolean> {
    try {
      while (!this.stopped) {
        if (!(await this.keepUrgent())) return false;
        const fresh = await this.claim(0, claimedNew);
        if (fresh.length > 0) {
          if (!(await this.keepQuietly(fresh, 'quick'))) return false;
          continue;
        }
        const due = await this.claim(Math.floor(this.parts.nowMs() / 1000), claimedSlow);
        if (due.length === 0 && this.urgent.size === 0) return true;
        for (const name of due) {
          if (!(await this.keepUrgent())) return false;
          if (!this.stopped && !(await this.keepQuietly([name], 'all'))) return false;
        }
      }
      return true;
    } catch (error) {
      this.parts.logger.warn({ error }, 'keys could not be looked after, will be tried again');
      return false;
    }
  }

  private claim(until: number, limit: number): Promise<TrackName[]> {
    return this.parts.store.claimDue({ now: Math.floor(this.parts.nowMs() / 1000), until, limit, lease_s });
  }

  /** Tracks that a request waits for come before all others. */
  private async keepUrgent(): Promise<boolean> {
    for (const [key, name] of this.urgent) {
      if (this.stopped) return true;
      this.urgent.delete(key);
      if (!(await this.keepQuietly([name], 'quick_first'))) return false;
    }
    return true;
  }

  private async keepQuietly(names: readonly TrackName[], make: KeepOrder['make']): Promise<boolean> {
    const missed = await this.bringUp(names, { make });
    const waiting = names.filter((_, at) => missed[at] === 'unavailable');
    if (waiting.length === 0) return true;
    this.parts.logger.debug({ tracks: waiting.length }, 'keys wait for the configuration of their tracks');
    await this.parts.store.hasten(waiting);
    return false;
  }
}

const placeOf = ({ tenant, track }: TrackName): string => `${tenant}/${track}`;

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
