import { MemoryItemStore, StoreUnavailable } from '@corsac/data';
import { defaultTrackSettings } from '@corsac/model';
import { RequestBrake } from './request-brake.js';

const track = {
  tenant: 'acme',
  track: '-',
  settings: {
    ...defaultTrackSettings,
    brakes: { ...defaultTrackSettings.brakes, max_failing_requests_per_address: 3 },
  },
};
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Brake on refused requests', () => {
  let nowMs = 1_800_000_000_000;
  const clock = () => nowMs;
  const make = (items = new MemoryItemStore({ now_ms: clock })) => new RequestBrake(items, clock);

  it('holds an address back after so many refusals, until the period is over', async () => {
    const brake = make();
    for (let count = 0; count < 2; count += 1) brake.count(track, '192.0.2.1', 'invalid_client');
    await settled();
    expect(brake.waits(track, '192.0.2.1')).toBeUndefined();
    brake.count(track, '192.0.2.1', 'invalid_grant');
    await settled();
    expect(brake.waits(track, '192.0.2.1')).toBeGreaterThan(0);
    nowMs += 61_000;
    expect(brake.waits(track, '192.0.2.1')).toBeUndefined();
  });

  it('holds back nobody else, and not in another track', async () => {
    const brake = make();
    for (let count = 0; count < 5; count += 1) brake.count(track, '192.0.2.1', 'invalid_client');
    await settled();
    expect(brake.waits(track, '192.0.2.2')).toBeUndefined();
    expect(brake.waits({ ...track, track: 'other' }, '192.0.2.1')).toBeUndefined();
  });

  it('counts together with other replicas', async () => {
    const items = new MemoryItemStore({ now_ms: clock });
    const [one, two] = [make(items), make(items)];
    for (let count = 0; count < 3; count += 1) one.count(track, '192.0.2.3', 'invalid_client');
    await settled();
    two.count(track, '192.0.2.3', 'invalid_client');
    await settled();
    expect(two.waits(track, '192.0.2.3')).toBeGreaterThan(0);
  });

  it('does not count what is not the request’s fault, and nothing when it is off', async () => {
    const brake = make();
    for (let count = 0; count < 5; count += 1) brake.count(track, '192.0.2.4', 'authorization_pending');
    const off = {
      ...track,
      settings: { ...track.settings, brakes: { ...track.settings.brakes, max_failing_requests_per_address: 0 } },
    };
    for (let count = 0; count < 5; count += 1) brake.count(off, '192.0.2.4', 'invalid_client');
    await settled();
    expect(brake.waits(track, '192.0.2.4')).toBeUndefined();
  });

  it('lets everybody go on when the store is away', async () => {
    const brake = new RequestBrake({ incr: () => Promise.reject(new StoreUnavailable('items', 'away')) }, clock);
    brake.count(track, '192.0.2.5', 'invalid_client');
    await settled();
    expect(brake.waits(track, '192.0.2.5')).toBeUndefined();
  });
});
