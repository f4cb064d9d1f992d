import type { ConfigMiss, TrackView } from '@corsac/config-cache';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { TrackName } from './key-store.js';
import { TrackKeyAnswers } from './track-key-answers.js';
import type { TrackKeys } from './track-keys.js';

const name = { tenant: 'acme', track: 'new' };

/** Answers about a track without keys, where the configuration says this of it. */
const answersWhere = (view: Outcome<TrackView, ConfigMiss>) => {
  const hurried: TrackName[] = [];
  const answers = new TrackKeyAnswers(
    { keys: async () => ({ rows: [] }) as unknown as TrackKeys },
    { hurry: (track) => void hurried.push(track), keep: () => Promise.reject(new Error('not asked')) },
    { track: async () => view },
  );
  return { answers, hurried };
};

describe('reading the keys of a track that has none', () => {
  it('is asked for again in a moment while they are made, and hurries that', async () => {
    const { answers, hurried } = answersWhere(ok({} as TrackView));
    expect(await answers.read(name)).toEqual(fail({ refusal: 'key_not_ready' }));
    expect(hurried).toEqual([name]);
  });

  it('says so when there is no such track, and makes none', async () => {
    const { answers, hurried } = answersWhere(fail('not_found'));
    expect(await answers.read(name)).toEqual(fail({ refusal: 'unknown_track' }));
    expect(hurried).toEqual([]);
  });

  it('calls no track unknown while the configuration is away', async () => {
    const { answers } = answersWhere(fail('unavailable'));
    expect(await answers.read(name)).toEqual(fail({ refusal: 'key_not_ready' }));
  });
});
