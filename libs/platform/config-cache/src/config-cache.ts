import { listChanges, readTrack, type Asked, type Bus, type ChangedTrack } from '@corsac/contracts';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { EqualValues } from './equal-values.js';
import { TrackView } from './track-view.js';

export type ConfigMiss = 'not_found' | 'unavailable';

export interface ConfigCacheOptions {
  readonly bus: Bus;
  readonly nowMs: () => number;
  /** Tracks held at most; the least recently used goes first. */
  readonly capacity?: number;
  /** Milliseconds between two questions "changes since N", which heal lost notices. */
  readonly beat_ms?: number;
  /** How long an answer is used while the config service is away, milliseconds. */
  readonly stale_ms?: number;
  /** How long an unknown name is remembered, milliseconds. */
  readonly unknown_ms?: number;
  readonly onBeatFailed?: (detail: string) => void;
}

interface Entry {
  view: TrackView | undefined;
  /** When the config service last vouched for it (by an answer, or by a beat that named no change). */
  readAtMs: number;
  expiresMs: number;
}

/** A read on its way. A change announced meanwhile makes it old: it may be answered with, but not kept. */
interface Reading {
  outdated: boolean;
  answer: Promise<Outcome<TrackView, ConfigMiss>>;
}

const pageLimit = 64;

/**
 * What a service knows of configuration: whole tracks in memory, made stale at once by notices and within a beat
 * without them. A request that finds its track here costs no bus hop.
 */
export class ConfigCache {
  private readonly entries = new Map<string, Entry>();
  private readonly reading = new Map<string, Reading>();
  private readonly equal = new EqualValues();
  private readonly listeners: ((tenant: string, track: string) => void)[] = [];
  private latest: number | undefined;
  private confirmedAtMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly capacity: number;
  private readonly staleMs: number;
  private readonly unknownMs: number;

  constructor(private readonly options: ConfigCacheOptions) {
    this.capacity = options.capacity ?? 20_000;
    this.staleMs = options.stale_ms ?? 3_600_000;
    this.unknownMs = options.unknown_ms ?? 5_000;
  }

  /** Begins the beat. Resolves after the first one, whether or not the config service was there. */
  async start(): Promise<void> {
    await this.beat();
    const next = (): void => {
      this.timer = setTimeout(() => void this.beat().then(next), this.options.beat_ms ?? 2_000);
      this.timer.unref();
    };
    next();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  /** True once the config service has answered: what readiness waits for. */
  get loaded(): boolean {
    return this.latest !== undefined;
  }

  /** Called for every track that changed, after its old view is gone. */
  onChanged(listener: (tenant: string, track: string) => void): void {
    this.listeners.push(listener);
  }

  /** The track if it is in memory and vouched for; never waits. For hot paths. */
  trackNow(tenant: string, track: string): TrackView | undefined {
    const entry = this.entries.get(`${tenant}/${track}`);
    return entry?.view && this.usable(entry) ? entry.view : undefined;
  }

  /** The track, from memory or from the config service; `unavailable` when it is away and nothing usable is held. */
  async track(tenant: string, track: string): Promise<Outcome<TrackView, ConfigMiss>> {
    const key = `${tenant}/${track}`;
    const entry = this.entries.get(key);
    if (entry && this.usable(entry)) {
      this.entries.delete(key);
      this.entries.set(key, entry);
      return entry.view ? ok(entry.view) : fail('not_found');
    }
    const running = this.reading.get(key);
    if (running) return running.answer;
    const reading: Reading = { outdated: false, answer: Promise.resolve(fail('unavailable')) };
    this.reading.set(key, reading);
    reading.answer = this.read(tenant, track, reading).finally(() => {
      if (this.reading.get(key) === reading) this.reading.delete(key);
    });
    return reading.answer;
  }

  /** A notice or a beat named these tracks: forget them, also answers still on their way. */
  changed(changes: readonly ChangedTrack[]): void {
    for (const { tenant, track } of changes) {
      this.forget(`${tenant}/${track}`);
      for (const listener of this.listeners) listener(tenant, track);
    }
  }

  private forget(key: string): void {
    this.entries.delete(key);
    const reading = this.reading.get(key);
    if (!reading) return;
    reading.outdated = true;
    this.reading.delete(key);
  }

  private usable(entry: Entry): boolean {
    const nowMs = this.options.nowMs();
    if (!entry.view) return nowMs < entry.expiresMs;
    return nowMs - Math.max(entry.readAtMs, this.confirmedAtMs) < this.staleMs;
  }

  private async read(tenant: string, track: string, reading: Reading): Promise<Outcome<TrackView, ConfigMiss>> {
    const key = `${tenant}/${track}`;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const pages = await this.readPages(tenant, track);
      if (pages === 'moved') continue;
      const nowMs = this.options.nowMs();
      if (!pages.ok && pages.error.refusal !== 'not_found') return fail('unavailable');
      const entry = { view: pages.ok ? pages.value : undefined, readAtMs: nowMs, expiresMs: nowMs + this.unknownMs };
      if (!reading.outdated) this.keep(key, entry);
      return pages.ok ? ok(pages.value) : fail('not_found');
    }
    return fail('unavailable');
  }

  private async readPages(tenant: string, track: string): Promise<Asked<TrackView, 'not_found'> | 'moved'> {
    const first = await this.options.bus.ask(readTrack, { tenant, track });
    if (!first.ok) return first;
    const upParties = [...first.value.up_parties];
    const downParties = [...first.value.down_parties];
    let cursor = first.value.next;
    for (let page = 1; cursor !== undefined && page < pageLimit; page += 1) {
      const more = await this.options.bus.ask(readTrack, { tenant, track, cursor });
      if (!more.ok) return more;
      if (more.value.version !== first.value.version) return 'moved';
      upParties.push(...more.value.up_parties);
      downParties.push(...more.value.down_parties);
      cursor = more.value.next;
    }
    for (const party of [...upParties, ...downParties]) this.equal.shareMembers(party);
    const settings = this.equal.share(first.value.settings);
    return ok(new TrackView(tenant, track, first.value.version, settings, upParties, downParties));
  }

  private keep(key: string, entry: Entry): void {
    this.entries.delete(key);
    this.entries.set(key, entry);
    if (this.entries.size > this.capacity) this.entries.delete(this.entries.keys().next().value as string);
  }

  private async beat(): Promise<void> {
    for (;;) {
      const after = this.latest ?? 0;
      const answer = await this.options.bus.ask(listChanges, { after });
      if (!answer.ok) {
        this.options.onBeatFailed?.('detail' in answer.error ? (answer.error.detail ?? '') : '');
        return;
      }
      const { latest, reset, changes } = answer.value;
      const first = this.latest === undefined;
      this.latest = latest;
      if (reset) for (const key of [...this.entries.keys(), ...this.reading.keys()]) this.forget(key);
      if (!first) this.changed(changes);
      // An answer may be one portion of what changed: only an empty one says that there is no more.
      if (first || reset || changes.length === 0 || latest <= after) {
        this.confirmedAtMs = this.options.nowMs();
        return;
      }
    }
  }
}
