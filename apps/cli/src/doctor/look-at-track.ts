import { z } from 'zod';
import { send } from '../api/send.js';
import type { Machine } from '../machine/machine.js';
import { fine, wrong, type Finding } from './finding.js';

const metadata = z.object({
  issuer: z.string(),
  jwks_uri: z.string(),
  id_token_signing_alg_values_supported: z.array(z.string()).min(1),
});
type Metadata = z.output<typeof metadata>;

const keySet = z.object({ keys: z.array(z.looseObject({ alg: z.string().optional(), use: z.string().optional() })) });

const missingTrack = {
  cause: 'There is no such tenant or track, or it is not known to this replica of the token service.',
  mend: 'Check the names; corsac track list shows them.',
};

const lookAtMetadata = async (
  machine: Pick<Machine, 'fetch'>,
  issuer: string,
): Promise<{ finding: Finding; found?: Metadata }> => {
  const check = 'discovery';
  const url = `${issuer}/.well-known/openid-configuration`;
  const answer = await send(machine, url);
  if (!answer.ok) {
    const { message, mend } = answer.error;
    return { finding: wrong(check, `${url} does not answer`, { cause: `${message}.`, mend }) };
  }
  const { status, json } = answer.value;
  const read = metadata.safeParse(json);
  if (status === 404) return { finding: wrong(check, `${url} answers 404`, missingTrack) };
  if (status !== 200 || !read.success)
    return {
      finding: wrong(check, `${url} answers ${status} and is no metadata`, {
        cause: 'The token service is not behind this address, or not ready.',
        mend: 'Look at its /health/ready and at the routes of the ingress.',
      }),
    };
  if (read.data.issuer !== issuer)
    return {
      finding: wrong(check, `the issuer is ${read.data.issuer}, and the address ${issuer}`, {
        cause: 'CORSAC_BASE_URL is not this address. Applications that check their issuer refuse every token.',
        mend: 'Set CORSAC_BASE_URL to the address that browsers and applications use.',
      }),
    };
  return { finding: fine(check, `the issuer is ${issuer}`), found: read.data };
};

const lookAtKeySet = async (machine: Pick<Machine, 'fetch'>, found: Metadata): Promise<Finding> => {
  const check = 'key set';
  const answer = await send(machine, found.jwks_uri);
  if (!answer.ok) {
    const { message, mend } = answer.error;
    return wrong(check, `${found.jwks_uri} does not answer`, { cause: `${message}.`, mend });
  }
  const read = keySet.safeParse(answer.value.json);
  if (answer.value.status !== 200 || !read.success)
    return wrong(check, `${found.jwks_uri} answers ${answer.value.status} and is no key set`, {
      cause: 'The keys of the track are not there yet, or the token service is not ready.',
      mend: 'Try again in a minute; then look at the log of the token service.',
    });
  const algs = new Set(read.data.keys.filter(({ use }) => use === undefined || use === 'sig').map(({ alg }) => alg));
  const wanted = found.id_token_signing_alg_values_supported;
  const missing = wanted.filter((alg) => !algs.has(alg));
  if (missing.length === 0) return fine(check, `${read.data.keys.length} keys for ${wanted.join(', ')}`);
  return wrong(check, `it has no key for ${missing.join(', ')}`, {
    cause: 'The key is being made, or the token service cannot keep it.',
    mend: 'Try again in a minute; then look at the log of the token service.',
  });
};

/** What applications read of a track: its metadata and its keys. OpenID Connect Discovery 4.3, RFC 7517 5. */
export const lookAtTrack = async (
  machine: Pick<Machine, 'fetch'>,
  base: string,
  { tenant, track }: { readonly tenant: string; readonly track: string },
): Promise<Finding[]> => {
  const { finding, found } = await lookAtMetadata(machine, `${base}/${tenant}/${track}`);
  return found ? [finding, await lookAtKeySet(machine, found)] : [finding];
};
