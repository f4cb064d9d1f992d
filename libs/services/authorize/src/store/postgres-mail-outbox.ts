import type { Sealer } from '@corsac/data';
import type { Mail, MailOutbox, MailState, WrittenMail } from '../mail/mail-outbox.js';
import type { UserPlace } from '../users/user-store.js';
import { statement, type Sql } from './sql.js';

const columns = 'id, tenant, track, recipient, subject, body, state, attempts, reason, created';

const write = statement(
  'mails.write',
  'insert into mail_outbox (tenant, track, recipient, subject, body, created) values ($1, $2, $3, $4, $5, $6)',
);
const claim = statement(
  'mails.claim',
  `update mail_outbox set attempts = attempts + 1, due_at = now() + make_interval(secs => $2)
   where id in (select id from mail_outbox where state = 'waiting' and due_at <= now() order by due_at limit $1
     for update skip locked)
   returning ${columns}`,
);
const settle = statement('mails.settle', 'update mail_outbox set state = $2, reason = $3 where id = $1');
const listAll = statement(
  'mails.list_all',
  `select ${columns} from mail_outbox order by created desc, id desc limit $1`,
);
const list = statement(
  'mails.list',
  `select ${columns} from mail_outbox where tenant = $2 and track = $3 order by created desc, id desc limit $1`,
);
const prune = statement('mails.prune', 'delete from mail_outbox where created < $1');

interface MailRow extends UserPlace {
  readonly id: string;
  readonly recipient: string;
  readonly subject: string;
  readonly body: string;
  readonly state: MailState;
  readonly attempts: number;
  readonly reason: string | null;
  readonly created: string;
}

/** Mails in Postgres; subject and text are sealed. */
export class PostgresMailOutbox implements MailOutbox {
  constructor(
    private readonly sql: Sql,
    private readonly sealer: Sealer,
  ) {}

  async write(place: UserPlace, { recipient, subject, text }: Mail, now: number): Promise<void> {
    const { tenant, track } = place;
    await this.sql.run(write, [tenant, track, recipient, this.seal(place, subject), this.seal(place, text), now]);
  }

  async claim(limit: number, lease_s: number): Promise<WrittenMail[]> {
    return (await this.sql.run<MailRow>(claim, [limit, lease_s])).map((row) => this.mailOf(row));
  }

  async settle(id: string, state: MailState, reason?: string): Promise<void> {
    await this.sql.run(settle, [id, state, reason ?? null]);
  }

  async list(place: UserPlace | undefined, limit: number): Promise<WrittenMail[]> {
    const rows = place
      ? await this.sql.run<MailRow>(list, [limit, place.tenant, place.track])
      : await this.sql.run<MailRow>(listAll, [limit]);
    return rows.map((row) => this.mailOf(row));
  }

  async prune(before: number): Promise<void> {
    await this.sql.run(prune, [before]);
  }

  private mailOf({ body, subject, reason, created, ...row }: MailRow): WrittenMail {
    return {
      ...row,
      subject: this.open(row, subject),
      text: this.open(row, body),
      created: Number(created),
      ...(reason !== null && { reason }),
    };
  }

  private seal({ tenant, track }: UserPlace, text: string): string {
    return this.sealer.seal(text, { purpose: 'mail', tenant, track });
  }

  private open({ tenant, track }: UserPlace, sealed: string): string {
    const opened = this.sealer.unsealText(sealed, { purpose: 'mail', tenant, track });
    return opened.ok ? opened.value : '';
  }
}
