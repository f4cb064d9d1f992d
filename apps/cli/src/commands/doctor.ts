import { ok, type Outcome } from '@corsac/outcome';
import { findAccess } from '../access/find-access.js';
import { readAddress } from '../api/address.js';
import { ControlApi } from '../api/control-api.js';
import { linesOf, skipped, type Finding } from '../doctor/finding.js';
import { lookAtBase } from '../doctor/look-at-base.js';
import { lookAtCertificate } from '../doctor/look-at-certificate.js';
import { lookAtKeys } from '../doctor/look-at-keys.js';
import { lookAtTrack } from '../doctor/look-at-track.js';
import { wrongUsage, type Problem } from '../machine/problem.js';
import { textOf, type Call, type Command, type Done } from './command.js';

const keysOf = async ({ machine }: Call, url: string, tenant: string, track: string): Promise<Finding> => {
  const access = await findAccess(machine, { url, tenant });
  if (!access.ok) return skipped('signing keys', `${access.error.message}; they are looked at with a token only`);
  return lookAtKeys(new ControlApi(machine, access.value), track);
};

const findingsOf = async (call: Call, base: string): Promise<Finding[]> => {
  const { machine } = call;
  const tenant = textOf(call, 'tenant');
  const track = textOf(call, 'track') ?? 'master';
  const { findings, answers } = await lookAtBase(machine, base);
  const certificate = await lookAtCertificate(machine, base);
  if (!answers || tenant === undefined) return [...findings, certificate];
  return [
    ...findings,
    certificate,
    ...(await lookAtTrack(machine, base, { tenant, track })),
    await keysOf(call, base, tenant, track),
  ];
};

const doctor = async (call: Call): Promise<Outcome<Done, Problem>> => {
  const url = textOf(call, 'url') ?? call.machine.env['CORSAC_URL'];
  if (url === undefined) return wrongUsage('the address is missing', 'Give --url URL.');
  const base = readAddress(url);
  if (!base.ok) return base;
  if (textOf(call, 'track') !== undefined && textOf(call, 'tenant') === undefined)
    return wrongUsage('a track is one of a tenant', 'Give --tenant NAME too.');
  const findings = await findingsOf(call, base.value);
  const exit = findings.some(({ state }) => state === 'problem') ? 1 : 0;
  return ok({ lines: findings.flatMap(linesOf), json: { findings }, exit });
};

export const doctorCommand: Command = {
  name: 'doctor',
  says: 'Looks at an installation from outside and tells what is wrong, why, and what to do',
  more: ['Needs no token; with one it also looks at the signing keys. Ends with 1 when there is a problem.'],
  options: {
    url: { value: 'URL', says: 'Address of the installation (CORSAC_URL).' },
    tenant: { value: 'NAME', says: 'Tenant to look at.' },
    track: { value: 'NAME', says: 'Track of it. Default: master.' },
  },
  run: doctor,
};
