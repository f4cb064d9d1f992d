import type { Bus } from '@corsac/contracts';
import { FingerprintRenewals } from './fingerprint-renewals.js';

const owner = (name: string) => ({ view: { tenant: 'acme', track: '-' }, client: { name } });
const secret = { id: 's1', hash: '$argon2id$', info: '' };

const until = async (isTrue: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 200 && !isTrue(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(isTrue()).toBe(true);
};

/** A bus to a config service that is there or not. */
const world = () => {
  const asked: { party: string; before?: string }[][] = [];
  const state = { isThere: true };
  const bus = {
    ask: async (_question: unknown, { secrets }: { secrets: { party: string }[] }) => {
      asked.push(secrets);
      return state.isThere ? { ok: true, value: { renewed: secrets.length } } : { ok: false, error: 'unavailable' };
    },
  } as unknown as Bus;
  return { asked, state, renewals: new FingerprintRenewals(bus) };
};

describe('Fingerprints of secrets that were found by an older master key', () => {
  it('are sent a hundred a message, each secret once', async () => {
    const { asked, renewals } = world();
    for (let at = 0; at < 150; at += 1) renewals.note(owner(`p${at}`), { ...secret, fingerprint: 'old' }, 'new');
    renewals.note(owner('p0'), { ...secret, fingerprint: 'old' }, 'new');
    renewals.start(5);
    await until(() => asked.length > 1);
    await renewals.stop();
    expect(asked.map(({ length }) => length)).toEqual([100, 50]);
    expect(asked[0]?.[0]).toEqual({
      tenant: 'acme',
      track: '-',
      party: 'p0',
      secret: 's1',
      before: 'old',
      fingerprint: 'new',
    });
  });

  it('are sent again when nobody was there, and then no more', async () => {
    const { asked, state, renewals } = world();
    state.isThere = false;
    renewals.note(owner('shop'), secret, 'new');
    renewals.start(5);
    await until(() => asked.length > 2);
    state.isThere = true;
    const before = asked.length;
    await until(() => asked.length > before);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await renewals.stop();
    expect(asked.length).toBe(before + 1);
    expect(asked[0]?.[0]).not.toHaveProperty('before');
  });
});
