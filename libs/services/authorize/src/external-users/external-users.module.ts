import type { Provider, Type } from '@nestjs/common';
import type { ServiceParts } from '@corsac/service';
import { PostgresExternalUserStore } from '../store/postgres-external-user-store.js';
import { Sql } from '../store/sql.js';
import { EXTERNAL_USERS, ExternalUsersSubjects, type ExternalUserSubjectsParts } from './external-users.subjects.js';
import { SettleRecord } from './settle-record.js';

/** Records of users whom other providers sign in. */
export const externalUsers = ({ database, now }: Pick<ServiceParts, 'database'> & { now: () => number }) => {
  const records = new PostgresExternalUserStore(new Sql(database));
  const { settle, actions } = new SettleRecord(records);
  /** @param endNow ends elsewhere what stood on a record that is no more */
  const subjects = (endNow: () => Promise<void>): { controllers: Type<unknown>[]; providers: Provider[] } => ({
    controllers: [ExternalUsersSubjects],
    providers: [{ provide: EXTERNAL_USERS, useValue: { records, now, endNow } satisfies ExternalUserSubjectsParts }],
  });
  return { records, settle, actions, subjects };
};
