import { unreached } from '../api/send.js';
import type { Machine } from '../machine/machine.js';
import { fine, skipped, wrong, type Finding } from './finding.js';

const leastDays = 14;

/** How long the certificate is good for, looked at without sending anything. */
export const lookAtCertificate = async (
  machine: Pick<Machine, 'certificate' | 'nowMs'>,
  base: string,
): Promise<Finding> => {
  const check = 'certificate';
  const { protocol, hostname, port } = new URL(base);
  if (protocol !== 'https:') return skipped(check, 'not https');
  try {
    const host = hostname.replace(/^\[|\]$/g, '');
    const { ends_ms, fault } = await machine.certificate(host, port === '' ? 443 : Number(port));
    const days = Math.floor((ends_ms - machine.nowMs()) / 86_400_000);
    const renew = { mend: 'Renew it, and look why that did not happen by itself.' };
    if (days < 0) return wrong(check, 'it has expired', { cause: 'It was not renewed in time.', ...renew });
    if (fault !== undefined)
      return wrong(check, 'it does not count here', {
        cause: fault,
        mend: 'Let the server send a certificate for this name with its whole chain.',
      });
    if (days < leastDays)
      return wrong(check, `it ends in ${days} days`, { cause: 'It was not renewed so far.', ...renew });
    return fine(check, `good for ${days} days`);
  } catch (error) {
    const { message, mend } = unreached(base, error);
    return wrong(check, 'there is no TLS connection', { cause: `${message}.`, mend });
  }
};
