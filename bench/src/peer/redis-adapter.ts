import type { AdapterConstructor, AdapterPayload } from 'oidc-provider';

/** The few commands that are used. */
interface Store {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, options?: object): Promise<unknown>;
  del(keys: string | string[]): Promise<unknown>;
  rPush(key: string, value: string): Promise<unknown>;
  lRange(key: string, from: number, to: number): Promise<string[]>;
  expire(key: string, seconds: number): Promise<unknown>;
}

const grantable = new Set([
  'AccessToken',
  'AuthorizationCode',
  'RefreshToken',
  'DeviceCode',
  'BackchannelAuthenticationRequest',
]);

/** State of oidc-provider in Redis, after the example in its documentation: a key per model, an index per grant. */
export const redisAdapter = (store: Store): AdapterConstructor =>
  class RedisAdapter {
    constructor(private readonly name: string) {}

    private key(id: string): string {
      return `${this.name}:${id}`;
    }

    async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
      const key = this.key(id);
      const writes: Promise<unknown>[] = [
        store.set(key, JSON.stringify(payload), expiresIn ? { EX: expiresIn } : undefined),
      ];
      if (grantable.has(this.name) && payload.grantId) {
        writes.push(
          store.rPush(`grant:${payload.grantId}`, key),
          store.expire(`grant:${payload.grantId}`, expiresIn || 86_400),
        );
      }
      if (payload.uid) writes.push(store.set(`uid:${payload.uid}`, id, { EX: expiresIn || 86_400 }));
      if (payload.userCode) writes.push(store.set(`userCode:${payload.userCode}`, id, { EX: expiresIn || 86_400 }));
      await Promise.all(writes);
    }

    async find(id: string): Promise<AdapterPayload | undefined> {
      const text = await store.get(this.key(id));
      return text === null ? undefined : (JSON.parse(text) as AdapterPayload);
    }

    async findByUid(uid: string): Promise<AdapterPayload | undefined> {
      const id = await store.get(`uid:${uid}`);
      return id === null ? undefined : this.find(id);
    }

    async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
      const id = await store.get(`userCode:${userCode}`);
      return id === null ? undefined : this.find(id);
    }

    async consume(id: string): Promise<void> {
      const payload = await this.find(id);
      if (payload)
        await store.set(this.key(id), JSON.stringify({ ...payload, consumed: Math.floor(Date.now() / 1000) }), {
          KEEPTTL: true,
        });
    }

    async destroy(id: string): Promise<void> {
      await store.del(this.key(id));
    }

    async revokeByGrantId(grantId: string): Promise<void> {
      const keys = await store.lRange(`grant:${grantId}`, 0, -1);
      await store.del([...keys, `grant:${grantId}`]);
    }
  };
