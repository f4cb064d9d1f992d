import type { Sealer } from '@corsac/data';
import type { TrackSettings } from '@corsac/model';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { createTransport } from 'nodemailer';
import type { UserPlace } from '../users/user-store.js';
import type { Mail } from './mail-outbox.js';

/** A mail server gets this long for each step; milliseconds. */
const patienceMs = 10_000;

type MailSettings = NonNullable<TrackSettings['mail']>;

/** Hands a mail to a track's mail server. The failure is a short reason without secrets. */
export const sendBySmtp = async (
  sealer: Sealer,
  { place, settings, mail }: { place: UserPlace; settings: MailSettings; mail: Mail },
): Promise<Outcome<void, string>> => {
  const pass = openPassword(sealer, place, settings);
  if (!pass.ok) return pass;
  const transport = createTransport({
    host: settings.smtp_host,
    port: settings.smtp_port,
    secure: settings.smtp_tls === 'implicit',
    requireTLS: settings.smtp_tls === 'starttls',
    ignoreTLS: settings.smtp_tls === 'none',
    ...(settings.smtp_username !== undefined && { auth: { user: settings.smtp_username, pass: pass.value } }),
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const from = { name: settings.from_name ?? '', address: settings.from_email };
    await transport.sendMail({
      from,
      to: { name: '', address: mail.recipient },
      subject: mail.subject,
      text: mail.text,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    return ok();
  } catch (error) {
    const { code, responseCode } = error as { code?: string; responseCode?: number };
    return fail([code ?? 'failed', responseCode].filter((part) => part !== undefined).join(' '));
  } finally {
    transport.close();
  }
};

const openPassword = (sealer: Sealer, place: UserPlace, settings: MailSettings): Outcome<string, string> => {
  if (!settings.smtp_password) return ok('');
  const opened = sealer.unsealText(settings.smtp_password.sealed, { purpose: 'smtp-password', ...place });
  return opened.ok ? opened : fail(`the password of the mail server does not open: ${opened.error}`);
};
