import { silentLogger } from '@corsac/telemetry';
import { ForgetOldEntries, type OldEntries } from './forget-old.js';
import { MemoryAuditLog } from './memory-audit-log.js';

const day = 86_400;
const start = 1_800_000_000_000;

describe('Retention of the audit log', () => {
  const begin = (track: string) => ({
    ...{ tenant: 'acme', track, operation: 'putTrack', path: '/', request_id: 'r' },
    actor: { sub: 'ada', client_id: 'c' },
  });
  const forgetter = (entries: OldEntries, nowMs: () => number, everyMs = 3_600_000) =>
    new ForgetOldEntries({ entries, default_retention_s: 3 * day, nowMs, logger: silentLogger, everyMs });

  it('is the setting of each track, and the default for a track that was removed', async () => {
    let now = start;
    const retention: Readonly<Record<string, number>> = { brief: day, long: 10 * day };
    const log = new MemoryAuditLog(
      () => now,
      ({ track }) => retention[track],
    );
    for (const track of ['brief', 'long', 'removed']) await log.begin(begin(track));
    const tracksAfter = async (days: number): Promise<string[]> => {
      now = start + days * day * 1000 + 1;
      await forgetter(log, () => now).forget();
      return (await log.list({ tenant: 'acme', limit: 10 })).map(({ track }) => track).reverse();
    };
    expect(await tracksAfter(0)).toEqual(['brief', 'long', 'removed']);
    expect(await tracksAfter(1)).toEqual(['long', 'removed']);
    expect(await tracksAfter(3)).toEqual(['long']);
    expect(await tracksAfter(10)).toEqual([]);
  });

  it('goes on after a time in which the store was away, and ends when it is told', async () => {
    let tries = 0;
    const entries: OldEntries = {
      async *places() {
        tries += 1;
        if (tries === 1) throw new Error('away');
        yield { tenant: 'acme', track: '-' };
      },
      forget: async () => 1,
    };
    const work = forgetter(entries, () => start, 5);
    work.start();
    for (let turn = 0; turn < 400 && tries < 3; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
    await work.stop();
    expect(tries).toBeGreaterThanOrEqual(3);
    const before = tries;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(tries).toBe(before);
  });
});
