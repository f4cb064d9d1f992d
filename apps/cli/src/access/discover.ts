import { ok, type Outcome } from '@corsac/outcome';
import { z } from 'zod';
import { send, strange } from '../api/send.js';
import type { Machine } from '../machine/machine.js';
import { refused, type Problem } from '../machine/problem.js';

const metadata = z.object({
  issuer: z.string(),
  token_endpoint: z.string(),
  device_authorization_endpoint: z.string().optional(),
  revocation_endpoint: z.string().optional(),
});
export type Metadata = z.output<typeof metadata>;

/**
 * Reads the metadata of a client of a tenant's track `master`. Nothing is sent to an address that is not below the one that
 * somebody gave. OpenID Connect Discovery 4.3.
 */
export const discover = async (
  machine: Pick<Machine, 'fetch'>,
  base: string,
  tenant: string,
  client_id: string,
): Promise<Outcome<Metadata, Problem>> => {
  const issuer = `${base}/${encodeURIComponent(tenant)}/master/${encodeURIComponent(client_id)}`;
  const url = `${issuer}/.well-known/openid-configuration`;
  const answer = await send(machine, url);
  if (!answer.ok) return answer;
  if (answer.value.status === 404)
    return refused(`there is no client ${client_id} in the track master of tenant ${tenant} at ${base}`, {
      mend: 'Check tenant and address. Control signs in users of an up-party `login` of that track.',
    });
  const read = metadata.safeParse(answer.value.json);
  if (answer.value.status !== 200 || !read.success) return strange(url, answer.value);
  if (read.data.issuer !== issuer)
    return refused(`${base} calls itself ${read.data.issuer.slice(0, 300)}`, {
      mend: 'Use the address that CORSAC_BASE_URL of the installation has.',
    });
  const { token_endpoint, device_authorization_endpoint: device, revocation_endpoint: revocation } = read.data;
  const elsewhere = [token_endpoint, device, revocation].find(
    (one) => one !== undefined && !one.startsWith(`${base}/`),
  );
  if (elsewhere !== undefined) return refused(`the metadata of ${issuer} leads to another server`);
  return ok(read.data);
};
