import type { Answer, readTrackKeys, rotateKeys } from '@corsac/contracts';
import type { ConfigCache } from '@corsac/config-cache';
import { StoreUnavailable } from '@corsac/data';
import { isSigningAlg } from '@corsac/jwt';
import { fail, ok } from '@corsac/outcome';
import type { z } from 'zod';
import type { KeyKeeper } from './key-keeper.js';
import type { KeyRing } from './key-ring.js';
import type { TrackName } from './key-store.js';
import type { TrackKey } from './track-key.js';

type PublicKeys = z.infer<typeof readTrackKeys.response>;

/** What other services may know of a track's keys, and the command that administrators have over them. */
export class TrackKeyAnswers {
  constructor(
    private readonly ring: Pick<KeyRing, 'keys'>,
    private readonly keeper: Pick<KeyKeeper, 'keep' | 'hurry'>,
    private readonly config: Pick<ConfigCache, 'track'>,
  ) {}

  /**
   * `key_not_ready`: the track is new and its keys are being made, ask again in a moment.
   * @throws StoreUnavailable
   */
  async read({ tenant, track }: TrackName): Promise<Answer<PublicKeys, 'unknown_track' | 'key_not_ready'>> {
    const { rows } = await this.ring.keys({ tenant, track });
    if (rows.length > 0) return ok({ keys: rows.filter(({ state }) => state !== 'retired').map(publicKeyOf) });
    const view = await this.config.track(tenant, track);
    if (!view.ok && view.error === 'not_found') return fail({ refusal: 'unknown_track' });
    this.keeper.hurry({ tenant, track });
    return fail({ refusal: 'key_not_ready' });
  }

  /** @throws StoreUnavailable */
  async rotate({
    tenant,
    track,
    alg,
    at_once,
  }: z.infer<typeof rotateKeys.request>): Promise<Answer<z.infer<typeof rotateKeys.response>, 'unknown_track'>> {
    const command = { at_once, ...(isSigningAlg(alg) && { alg }) };
    const kept = await this.keeper.keep({ tenant, track }, command);
    if (!kept.ok && kept.error === 'unavailable') throw new StoreUnavailable('config', 'the configuration is away');
    if (!kept.ok) return fail({ refusal: 'unknown_track' });
    const wanted = at_once ? 'current' : 'next';
    const rotated = kept.value.filter((key) => key.state === wanted && (alg === undefined || key.alg === alg));
    return ok({ rotated: rotated.map((key) => ({ alg: key.alg, kid: key.kid })) });
  }
}

const publicKeyOf = ({
  kid,
  alg,
  state,
  jwk,
  certificate,
  created,
  current_from,
  ends,
}: TrackKey): PublicKeys['keys'][number] => ({
  kid,
  alg,
  state,
  jwk: { ...jwk } as PublicKeys['keys'][number]['jwk'],
  created,
  current_from,
  ...(certificate !== undefined && { certificate }),
  ...(ends !== undefined && { ends }),
});
