import { z } from 'zod';
import { send, type Answer } from '../api/send.js';
import type { Machine } from '../machine/machine.js';
import { fine, skipped, warning, wrong, type Finding } from './finding.js';

const description = z.object({ openapi: z.string(), servers: z.array(z.object({ url: z.string() })).min(1) });

const mostApartS = 5;

interface Asked {
  readonly answer: Answer;
  readonly before_ms: number;
  readonly after_ms: number;
}

/** What the installation calls itself must be where it is found: every issuer and every redirect is made of it. */
const lookAtDescription = (base: string, { status, json }: Answer): Finding => {
  const check = 'control API';
  const read = description.safeParse(json);
  if (status !== 200 || !read.success)
    return wrong(check, `${base}/api/openapi.json answers ${status} and is no description`, {
      cause: 'Something else answers here, or the config service is not behind this address.',
      mend: 'Route /api to the config service; look at its /health/ready.',
    });
  const itself = read.data.servers[0]!.url;
  if (itself === base) return fine(check, 'it answers, and calls itself by this address');
  return wrong(check, `it calls itself ${itself}`, {
    cause: 'CORSAC_BASE_URL is another address than the one that was asked.',
    mend: `Set CORSAC_BASE_URL=${base} for every service, or use ${itself}.`,
  });
};

/** RFC 9110 6.6.1: `Date` has whole seconds; RFC 9111 5.1: a cache says how old its answer is. */
const lookAtClock = ({ answer, before_ms, after_ms }: Asked): Finding => {
  const check = 'clock';
  const date = Date.parse(answer.headers.get('date') ?? '');
  if (Number.isNaN(date)) return skipped(check, 'the answer has no Date');
  const age = Number(answer.headers.get('age') ?? 0);
  const server = date + 500 + (Number.isFinite(age) ? age : 0) * 1000;
  const apart = (server - (before_ms + after_ms) / 2) / 1000;
  // What the answer took on its way is not known better than by half.
  const unsure = (after_ms - before_ms) / 2000;
  const seconds = Math.abs(apart).toFixed(1);
  if (Math.abs(apart) - unsure <= mostApartS) return fine(check, `${seconds} s apart from here`);
  return wrong(check, `the server is ${seconds} s ${apart > 0 ? 'ahead of' : 'behind'} this machine`, {
    cause:
      'One of the two clocks is not set by NTP. Tokens and assertions are then refused as too old or not yet good.',
    mend: 'Set both by NTP.',
  });
};

/** RFC 6797 7.1. */
const lookAtHsts = (base: string, { headers }: Answer): Finding => {
  const check = 'HSTS';
  if (!base.startsWith('https:')) return skipped(check, 'not https');
  const header = headers.get('strict-transport-security');
  if (header !== null && /max-age\s*=\s*"?[1-9]/i.test(header)) return fine(check, header);
  return warning(check, 'the answer has no Strict-Transport-Security', {
    cause: 'What stands in front takes it away, or CORSAC_BASE_URL is not https.',
    mend: 'Let the answer have Strict-Transport-Security: max-age=31536000.',
  });
};

/** @returns what is found at the address itself; one finding only where nothing answers */
export const lookAtBase = async (
  machine: Machine,
  base: string,
): Promise<{ findings: Finding[]; answers: boolean }> => {
  const check = 'address';
  const before_ms = machine.nowMs();
  const sent = await send(machine, `${base}/api/openapi.json`);
  const after_ms = machine.nowMs();
  if (!sent.ok) {
    const { message, mend } = sent.error;
    return { findings: [wrong(check, `${base} does not answer`, { cause: `${message}.`, mend })], answers: false };
  }
  const answer = sent.value;
  const findings = [
    fine(check, `${base} answers`),
    lookAtDescription(base, answer),
    lookAtClock({ answer, before_ms, after_ms }),
    lookAtHsts(base, answer),
  ];
  return { findings, answers: true };
};
