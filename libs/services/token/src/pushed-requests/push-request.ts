import type { Answer, takePushedRequest } from '@corsac/contracts';
import type { ItemStore } from '@corsac/data';
import { sendJson } from '@corsac/http';
import {
  checkPushedRequest,
  noStore,
  parseRequestUri,
  pushedRequestLifetime,
  readRequestObject,
  refuse,
  requestUriOf,
  type OAuthError,
  type Parameters,
  type PushedRequest,
} from '@corsac/oauth';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { randomName } from '@corsac/random';
import type { z } from 'zod';
import type { ClientKeys } from '../client-authentication/client-keys.js';
import type { ClientRequest } from '../direct-endpoint/client-request.js';
import type { DirectWork } from '../direct-endpoint/direct-endpoint.js';
import type { TrackName } from '../keys/key-store.js';
import type { OnceOnly } from '../replay/once-only.js';
import { readDpop } from '../token-request/read-dpop.js';

export interface PushParts {
  readonly items: Pick<ItemStore, 'put'>;
  readonly clientKeys: ClientKeys;
  readonly once: OnceOnly;
}

const keyOf = ({ tenant, track }: TrackName, ref: string): string => `pushed/${tenant}/${track}/${ref}`;

/** RFC 9126 2: checks an authorization request ahead of the browser, by the same table as the authorize endpoint. */
export const pushRequest =
  ({ items, clientKeys, once }: PushParts): DirectWork =>
  async (request, http) => {
    const { party, parameters, now } = request;
    const { client, issuers, name } = party;
    if (client.type !== 'oidc') return refuse('unauthorized_client', 'the client has no authorize endpoint');
    const url = `${issuers.party}/oauth/par`;
    const proof = await readDpop(http.headers['dpop'], { name, method: http.method, url, now }, once);
    if (!proof.ok) return proof;
    const resolved = await readObject(request, clientKeys);
    const checked = checkPushedRequest({ parameters, client, issuers, ...(resolved && { resolved }) }, proof.value);
    if (!checked.ok) return checked;
    const ref = randomName(32);
    await items.put(keyOf(name, ref), checked.value, pushedRequestLifetime);
    const body = { request_uri: requestUriOf(ref), expires_in: pushedRequestLifetime };
    return ok(sendJson(body, { status: 201, headers: noStore }));
  };

/** RFC 9126 3: the parameters may come as a signed request object. */
const readObject = async (
  { party, parameters, now }: ClientRequest,
  clientKeys: ClientKeys,
): Promise<Outcome<Parameters, OAuthError> | undefined> => {
  const object = parameters.values.get('request');
  if (object === undefined) return undefined;
  const { client, issuers } = party;
  const keys = await clientKeys.keysOf(client);
  return readRequestObject(object, parameters, { client, issuers, keys: keys.ok ? keys.value : [], now });
};

type TakeAnswer = Answer<z.infer<typeof takePushedRequest.response>, 'unknown_or_used' | 'other_client'>;

/** Hands a pushed request to the authorize endpoint, once. */
export class PushedRequests {
  constructor(private readonly items: Pick<ItemStore, 'get' | 'take'>) {}

  /** @throws StoreUnavailable */
  async take({
    tenant,
    track,
    client_id,
    request_uri,
  }: z.infer<typeof takePushedRequest.request>): Promise<TakeAnswer> {
    const ref = parseRequestUri(request_uri);
    if (ref === undefined) return fail({ refusal: 'unknown_or_used' });
    const key = keyOf({ tenant, track }, ref);
    const seen = await this.items.get<PushedRequest>(key);
    // Somebody else's request is not used up by asking for it. RFC 9126 4.
    if (seen && seen.value.client_id !== client_id) return fail({ refusal: 'other_client' });
    const taken = seen && (await this.items.take<PushedRequest>(key));
    if (taken?.state !== 'taken') return fail({ refusal: 'unknown_or_used' });
    return ok({ parameters: taken.value.parameters.map(([name, value]): [string, string] => [name, value]) });
  }
}
