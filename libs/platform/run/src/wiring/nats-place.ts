import { readFileSync } from 'node:fs';
import type { NatsServers } from '@corsac/bus';
import type { Settings } from '@corsac/settings';
import { asStartProblem } from '../start/start-problem.js';

type NatsSettings = Partial<Pick<Settings, 'nats_url' | 'nats_user' | 'nats_password' | 'nats_ca'>>;

const readAuthority = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw asStartProblem(error, 'CORSAC_NATS_CA', 'name a file with certificates (PEM) that can be read, or unset it');
  }
};

/** User and password of the first address that has them; the addresses themselves go on without. */
const userIn = (addresses: readonly URL[]): { user: string; pass: string } | undefined => {
  const named = addresses.find(({ username }) => username !== '');
  return named && { user: decodeURIComponent(named.username), pass: decodeURIComponent(named.password) };
};

/** Where NATS is and how this process proves who it is, from the settings. @throws StartProblem */
export const natsPlaceOf = ({ nats_url = '', nats_user, nats_password = '', nats_ca }: NatsSettings): NatsServers => {
  const addresses = nats_url
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .map((word) => new URL(word));
  const credentials = nats_user === undefined ? userIn(addresses) : { user: nats_user, pass: nats_password };
  const secure = nats_ca !== undefined || addresses.some(({ protocol }) => protocol === 'tls:');
  return {
    servers: addresses.map(({ protocol, host }) => `${protocol}//${host}`),
    ...(credentials && { credentials }),
    ...(secure && { tls: nats_ca === undefined ? {} : { ca: readAuthority(nats_ca) } }),
  };
};
