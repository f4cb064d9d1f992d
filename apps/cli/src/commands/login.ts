import { controlApiName, controlClientName, masterName } from '@corsac/model';
import { ok, type Outcome } from '@corsac/outcome';
import { CredentialsFile, withLogin } from '../access/credentials-file.js';
import { beginDeviceGrant, pollForTokens } from '../access/device-grant.js';
import { discover } from '../access/discover.js';
import { withTokens } from '../access/renew-login.js';
import { readSafeAddress } from '../api/address.js';
import { refused, type Problem } from '../machine/problem.js';
import { done, textOf, type Call, type Command, type Done } from './command.js';

/** What administrators of a tenant may; those of the tenant `master` also administer the installation. */
export const scopesFor = (tenant: string): string =>
  [
    'offline_access',
    `${controlApiName}.corsac:tenant`,
    ...(tenant === masterName ? [`${controlApiName}.corsac:master`] : []),
  ].join(' ');

const login = async (call: Call): Promise<Outcome<Done, Problem>> => {
  const { machine } = call;
  const address = readSafeAddress(machine, textOf(call, 'url')!);
  if (!address.ok) return address;
  const [url, tenant] = [address.value, textOf(call, 'tenant')!];
  const found = await discover(machine, url, tenant, controlClientName);
  if (!found.ok) return found;
  const { token_endpoint, device_authorization_endpoint: device, revocation_endpoint } = found.value;
  if (device === undefined) return refused(`${controlClientName} of tenant ${tenant} has no device grant`);
  const begun = await beginDeviceGrant(machine, device, { client_id: controlClientName, scope: scopesFor(tenant) });
  if (!begun.ok) return begun;
  const { verification_uri, verification_uri_complete, user_code } = begun.value;
  call.say([
    `Open ${verification_uri} in a browser and type the code ${user_code}.`,
    ...(verification_uri_complete === undefined ? [] : [`Or open ${verification_uri_complete}`]),
    'Waiting for the sign-in ...',
  ]);
  const client = { client_id: controlClientName, token_endpoint };
  const given = await pollForTokens(machine, client, begun.value);
  if (!given.ok) return given;
  const made = withTokens({ url, tenant, ...client, revocation_endpoint }, given.value, machine.nowMs());
  const kept = await new CredentialsFile(machine).change(async (logins) => ({
    logins: withLogin(logins, made),
    result: ok(true),
  }));
  return kept.ok ? done(`Signed in at ${url}, tenant ${tenant}.`, { url, tenant }) : kept;
};

export const loginCommand: Command = {
  name: 'login',
  says: 'Signs an administrator in, by a browser that may be on another device',
  more: ['The login is kept in ~/.config/corsac/credentials.json (or below XDG_CONFIG_HOME) until corsac logout.'],
  options: {
    url: { value: 'URL', required: true, says: 'Address of the installation.' },
    tenant: { value: 'NAME', required: true, says: 'Tenant to administer; master for the installation itself.' },
  },
  run: login,
};
