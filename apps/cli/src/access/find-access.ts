import { ok, type Outcome } from '@corsac/outcome';
import { readSafeAddress } from '../api/address.js';
import type { Machine } from '../machine/machine.js';
import { refused, wrongUsage, type Problem } from '../machine/problem.js';
import { askForTokens } from './ask-for-tokens.js';
import { CredentialsFile, loginsAt, type Login, type Place } from './credentials-file.js';
import { discover } from './discover.js';
import { renewLogin } from './renew-login.js';

/** Where and as whom the Control API is called. */
export interface Access {
  readonly base: string;
  readonly tenant: string;
  /**
   * An access token for the Control API of the tenant.
   * @param declined one that was not accepted: another one is got, or that one again where there is no other
   */
  readonly token: (declined?: string) => Promise<Outcome<string, Problem>>;
}

const wanted = ({ env }: Machine, options: Place): Place => ({
  url: options.url ?? env['CORSAC_URL'],
  tenant: options.tenant ?? env['CORSAC_TENANT'],
});

/** Finds out as whom to act: a token or a client of the environment first, then who signed in. */
export const findAccess = async (machine: Machine, options: Place): Promise<Outcome<Access, Problem>> => {
  const { url, tenant } = wanted(machine, options);
  const address = url === undefined ? undefined : readSafeAddress(machine, url);
  if (address && !address.ok) return address;
  const place = { url: address?.value, tenant };
  const { CORSAC_TOKEN: token, CORSAC_CLIENT_ID: client_id, CORSAC_CLIENT_SECRET: client_secret } = machine.env;
  if (!token && !client_id) return ofLogin(machine, place);
  if (place.url === undefined || tenant === undefined)
    return wrongUsage('where is not said', 'Set CORSAC_URL and CORSAC_TENANT, or give --url and --tenant.');
  const at = { base: place.url, tenant };
  if (token) return ok({ ...at, token: async () => ok(token) });
  if (!client_secret) return wrongUsage('CORSAC_CLIENT_ID is set and CORSAC_CLIENT_SECRET is not');
  return ok({ ...at, token: ofClient(machine, at, { client_id: client_id!, client_secret }) });
};

/** RFC 6749 4.4: one token for as long as the command runs. */
const ofClient = (
  machine: Machine,
  { base, tenant }: Pick<Access, 'base' | 'tenant'>,
  client: { readonly client_id: string; readonly client_secret: string },
): Access['token'] => {
  let held: string | undefined;
  return async (declined) => {
    if (held !== undefined && held !== declined) return ok(held);
    const found = await discover(machine, base, tenant, client.client_id);
    if (!found.ok) return found;
    const given = await askForTokens(machine, found.value.token_endpoint, {
      grant_type: 'client_credentials',
      ...client,
    });
    if (given.ok) return ok((held = given.value.access_token));
    if (given.error.kind === 'away') return { ok: false, error: given.error.problem };
    return refused(`the client ${client.client_id} gets no token: ${given.error.told}`);
  };
};

const nameOf = ({ url, tenant }: Login): string => `--url ${url} --tenant ${tenant}`;

const oneOf = (logins: readonly Login[], { url, tenant }: Place): Outcome<Login, Problem> => {
  const at = `${url === undefined ? '' : ` at ${url}`}${tenant === undefined ? '' : ` in tenant ${tenant}`}`;
  const [first, ...others] = loginsAt(logins, { url, tenant });
  if (!first) return refused(`nobody is signed in${at}`, { mend: 'Run corsac login --url URL --tenant NAME.' });
  if (others.length > 0 && url === undefined && others.some((one) => one.url !== first.url))
    return refused('there are logins at several installations', {
      details: [first, ...others].map(nameOf),
      mend: 'Say which with --url and --tenant.',
    });
  return ok(first);
};

const ofLogin = async (machine: Machine, place: Place): Promise<Outcome<Access, Problem>> => {
  const file = new CredentialsFile(machine);
  const read = await file.read();
  if (!read.ok) return read;
  const login = oneOf(read.value, place);
  if (!login.ok) return login;
  const { url, tenant } = login.value;
  const at = { url, tenant };
  return ok({ base: url, tenant, token: (declined) => renewLogin(machine, file, at, declined) });
};
