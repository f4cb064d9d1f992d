import { StoreUnavailable } from '@corsac/data';
import { sendRepeatable, type HttpAnswer, type HttpRequest } from '@corsac/http';
import type { KeyKeeper } from '../keys/key-keeper.js';
import type { Signers } from '../keys/signers.js';
import type { AddressedTrack, Addresses } from '../party/addressed-party.js';
import { missAnswer } from '../party/miss-answer.js';
import { keySetOf, metadataOfParty, metadataOfTrack } from './metadata.js';

/** Metadata and keys: no bus, no store once a track is known, bytes made before. */
export class Discovery {
  constructor(
    private readonly addresses: Addresses,
    private readonly signers: Pick<Signers, 'keys' | 'isCurrent'>,
    private readonly keeper: Pick<KeyKeeper, 'hurry'>,
  ) {}

  async party({ params, headers }: HttpRequest): Promise<HttpAnswer> {
    const found = await this.addresses.party(params);
    if (!found.ok) return missAnswer(found.error);
    const ready = metadataOfParty(found.value);
    const { view } = found.value;
    const isCurrent = (): boolean => this.addresses.isCurrent(view);
    return ready ? sendRepeatable(ready, headers, isCurrent) : missAnswer('not_found');
  }

  async track({ params, headers }: HttpRequest): Promise<HttpAnswer> {
    const found = await this.addresses.track(params);
    if (!found.ok) return missAnswer(found.error);
    const { view } = found.value;
    return sendRepeatable(metadataOfTrack(found.value), headers, () => this.addresses.isCurrent(view));
  }

  async partyKeys(request: HttpRequest): Promise<HttpAnswer> {
    const found = await this.addresses.party(request.params);
    return found.ok ? this.keys(found.value, request) : missAnswer(found.error);
  }

  async trackKeys(request: HttpRequest): Promise<HttpAnswer> {
    const found = await this.addresses.track(request.params);
    return found.ok ? this.keys(found.value, request) : missAnswer(found.error);
  }

  /** An empty key set is never sent: somebody would keep it for an hour. */
  private async keys(
    { name, view }: Pick<AddressedTrack, 'name' | 'view'>,
    { headers, logger }: HttpRequest,
  ): Promise<HttpAnswer> {
    try {
      const keys = await this.signers.keys(name);
      const isCurrent = (): boolean => this.signers.isCurrent(keys) && this.addresses.isCurrent(view);
      if (keys.rows.length > 0) return sendRepeatable(keySetOf(keys, view), headers, isCurrent);
      this.keeper.hurry(name);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      logger.warn({ error }, 'a store is away');
    }
    return missAnswer('unavailable');
  }
}
