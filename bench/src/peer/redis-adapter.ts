import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import { createClient } from 'redis';

const clientOf = (port: number) => createClient({ url: `redis://127.0.0.1:${port}` });

type Store = ReturnType<typeof clientOf>;

/** What can be revoked together with its grant, and so stands in the grant's list. */
const grantable = new Set([
  'AccessToken',
  'AuthorizationCode',
  'RefreshToken',
  'DeviceCode',
  'BackchannelAuthenticationRequest',
]);

/** What is used once: a hash, so that the mark of its use is one command. */
const consumable = new Set(['AuthorizationCode', 'RefreshToken', 'DeviceCode', 'BackchannelAuthenticationRequest']);

const indexOf = (kind: 'uid' | 'userCode', id: string): string => `${kind}:${id}`;
const listOf = (grantId: string): string => `grant:${grantId}`;

/** Commands as in the Redis example of the library's documentation: all writes of a record in one MULTI, a list per grant. */
class RedisAdapter implements Adapter {
  private readonly isConsumable: boolean;

  constructor(
    private readonly store: Store,
    private readonly name: string,
  ) {
    this.isConsumable = consumable.has(name);
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    const key = this.keyOf(id);
    const json = JSON.stringify(payload);
    const writes = this.store.multi();
    if (this.isConsumable) writes.hSet(key, 'payload', json);
    else writes.set(key, json);
    if (expiresIn) writes.expire(key, expiresIn);
    if (grantable.has(this.name) && payload.grantId) {
      const list = listOf(payload.grantId);
      writes.rPush(list, key);
      if (expiresIn > (await this.store.ttl(list))) writes.expire(list, expiresIn);
    }
    const indices = [
      ...(payload.userCode ? [indexOf('userCode', payload.userCode)] : []),
      ...(payload.uid ? [indexOf('uid', payload.uid)] : []),
    ];
    for (const index of indices) writes.set(index, id).expire(index, expiresIn);
    await writes.exec();
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    if (!this.isConsumable) {
      const json = await this.store.get(this.keyOf(id));
      return json === null ? undefined : (JSON.parse(json) as AdapterPayload);
    }
    const { payload, ...marks } = await this.store.hGetAll(this.keyOf(id));
    return payload === undefined ? undefined : { ...marks, ...(JSON.parse(payload) as AdapterPayload) };
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.findBy(indexOf('uid', uid));
  }

  findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.findBy(indexOf('userCode', userCode));
  }

  async consume(id: string): Promise<void> {
    await this.store.hSet(this.keyOf(id), 'consumed', Math.floor(Date.now() / 1000));
  }

  async destroy(id: string): Promise<void> {
    await this.store.del(this.keyOf(id));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    const removals = this.store.multi();
    for (const key of await this.store.lRange(listOf(grantId), 0, -1)) removals.del(key);
    await removals.del(listOf(grantId)).exec();
  }

  private async findBy(index: string): Promise<AdapterPayload | undefined> {
    const id = await this.store.get(index);
    return id === null ? undefined : this.find(id);
  }

  private keyOf(id: string): string {
    return `oidc:${this.name}:${id}`;
  }
}

/** State of oidc-provider in the Redis of a port, once it is connected. */
export const redisAdapter = async (port: number): Promise<AdapterFactory> => {
  const store = clientOf(port);
  store.on('error', () => undefined);
  await store.connect();
  return (name) => new RedisAdapter(store, name);
};
