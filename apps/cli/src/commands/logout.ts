import { ok, type Outcome } from '@corsac/outcome';
import { CredentialsFile, loginsAt, withoutLogin, type Login } from '../access/credentials-file.js';
import { readAddress } from '../api/address.js';
import { send } from '../api/send.js';
import type { Machine } from '../machine/machine.js';
import { refused, type Problem } from '../machine/problem.js';
import { placeOptions, textOf, type Call, type Command, type Done } from './command.js';

/** RFC 7009 2.1: with the refresh token everything ends that was issued for it. */
const revoked = async (machine: Pick<Machine, 'fetch'>, login: Login): Promise<boolean> => {
  const { refresh_token, access_token, client_id, revocation_endpoint } = login;
  if (revocation_endpoint === undefined) return false;
  const body = new URLSearchParams({ token: refresh_token ?? access_token, client_id });
  const answer = await send(machine, revocation_endpoint, { method: 'POST', body });
  return answer.ok && answer.value.status === 200;
};

const logout = async (call: Call): Promise<Outcome<Done, Problem>> => {
  const url = textOf(call, 'url');
  const address = url === undefined ? undefined : readAddress(url);
  if (address && !address.ok) return address;
  const place = { url: address?.value, tenant: textOf(call, 'tenant') };
  return new CredentialsFile(call.machine).change<Done>(async (logins) => {
    const leaving = loginsAt(logins, place);
    if (leaving.length === 0) return { result: refused('nobody is signed in there') };
    const lasting: Login[] = [];
    for (const login of leaving) if (!(await revoked(call.machine, login))) lasting.push(login);
    const left = leaving.reduce<readonly Login[]>((rest, login) => withoutLogin(rest, login), logins);
    const names = leaving.map(({ url, tenant }) => ({ url, tenant }));
    const lines = names.map(({ url, tenant }) => `Signed out at ${url}, tenant ${tenant}.`);
    const result =
      lasting.length === 0
        ? ok({ lines, json: { logged_out: names } })
        : refused('the login is forgotten here, but the server was not told', {
            details: lasting.map(({ url, tenant }) => `${url}, tenant ${tenant}`),
            mend: 'It ends by itself; an administrator can end it before, among the grants of the user.',
          });
    return { logins: left, result };
  });
};

export const logoutCommand: Command = {
  name: 'logout',
  says: 'Revokes and forgets the logins of this machine; all of them, or those at an address or tenant',
  options: {
    url: { ...placeOptions.url, says: 'Only at this address.' },
    tenant: { ...placeOptions.tenant, says: 'Only of this tenant.' },
  },
  run: logout,
};
