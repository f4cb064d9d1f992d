import type { AuditBegin, AuditEntry, AuditLog, AuditQuery } from './audit-log.js';
import type { AuditedPlace, OldEntries } from './forget-old.js';

const idLength = 19;

/** An audit log that lasts as long as the process: for tests. */
export class MemoryAuditLog implements AuditLog, OldEntries {
  private count = 0;
  private entries: AuditEntry[] = [];

  /** @param retentionOf seconds, of tracks that are there */
  constructor(
    private readonly nowMs: () => number,
    private readonly retentionOf: (place: { tenant: string; track: string }) => number | undefined = () => undefined,
  ) {}

  async begin(entry: AuditBegin): Promise<string> {
    const id = String((this.count += 1)).padStart(idLength, '0');
    this.entries.push({ ...structuredClone(entry), id, at_ms: this.nowMs(), outcome: 'begun', changes: [] });
    return id;
  }

  async end(id: string, ended: Parameters<AuditLog['end']>[1]): Promise<void> {
    this.entries = this.entries.map((entry) =>
      entry.id === id && entry.outcome === 'begun' ? { ...entry, ...structuredClone(ended) } : entry,
    );
  }

  async list({ tenant, track, sub, before, limit }: AuditQuery): Promise<AuditEntry[]> {
    if (before !== undefined && !/^\d{1,19}$/.test(before)) return [];
    const from = before === undefined ? Infinity : Number(before);
    return this.entries
      .filter((entry) => entry.tenant === tenant && (track === undefined || entry.track === track))
      .filter((entry) => Number(entry.id) < from && (sub === undefined || entry.actor.sub === sub))
      .reverse()
      .slice(0, limit)
      .map((entry) => structuredClone(entry));
  }

  async *places(): AsyncGenerator<AuditedPlace> {
    const names = new Set(this.entries.map(({ tenant, track }) => `${tenant}/${track}`));
    for (const name of [...names].sort()) {
      const [tenant = '', track = ''] = name.split('/');
      const retention_s = this.retentionOf({ tenant, track });
      yield { tenant, track, ...(retention_s !== undefined && { retention_s }) };
    }
  }

  async forget({ tenant, track, before_ms }: Parameters<OldEntries['forget']>[0]): Promise<number> {
    return this.drop((entry) => entry.tenant === tenant && entry.track === track && entry.at_ms < before_ms);
  }

  private drop(isOld: (entry: AuditEntry) => boolean): number {
    const before = this.entries.length;
    this.entries = this.entries.filter((entry) => !isOld(entry));
    return before - this.entries.length;
  }
}
