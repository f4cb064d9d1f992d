import { storeFault } from '@corsac/data';
import type { HttpAnswer, HttpRequest } from '@corsac/http';
import { differences, mayDo, readRights } from '@corsac/model';
import type { Logger } from '@corsac/telemetry';
import type { Administrator, Administrators } from '../access/administrator.js';
import type { AuditedChange, AuditLog } from '../audit/audit-log.js';
import { smallestRightFor } from '../description/rights.js';
import { OperationTable } from './find-operation.js';
import type { Caller, Changed, Method, Operation, Reply, Sent } from './operation.js';
import { away, forbidden, notFound, type Answered, type Refusal } from './refusal.js';
import { sentWith } from './sent.js';
import { verbOf } from './verb-of.js';
import { writeRefusal, writeReply } from './write-reply.js';

export interface ControlApiParts {
  readonly operations: readonly Operation[];
  readonly administrators: Administrators;
  readonly audit: AuditLog;
  readonly logger: Logger;
}

/** Tenant and track whose things an address is about. */
const placeOf = (params: Readonly<Record<string, string>>) => ({
  tenant: params['tenant'] ?? 'master',
  track: params['track'] ?? 'master',
});

/**
 * Serves the Control API. Every call takes the same way: address, token, right, what was sent, and for changes an entry in the
 * audit log before anything is done.
 */
export class ControlApi {
  private readonly table: OperationTable;

  constructor(private readonly parts: ControlApiParts) {
    this.table = new OperationTable(parts.operations);
  }

  async answer(request: HttpRequest): Promise<HttpAnswer> {
    const replied = await this.reply(request);
    return replied.ok ? writeReply(replied.value) : writeRefusal(replied.error, request.requestId);
  }

  private async reply(request: HttpRequest): Promise<Answered<Reply>> {
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const found = this.table.find(method, request.rawPath);
    if (found.kind === 'nowhere') return notFound('such address');
    if (found.kind === 'other_methods') return { ok: false, error: wrongMethod(found.allow) };
    const { operation, params } = found;
    const place = placeOf(params);
    request.note(place);
    try {
      const admin = await this.parts.administrators.verify(place.tenant, request.headers, request.messageContext);
      if (!admin.ok) return admin;
      if (!operation.ofAnyTrack && !isAllowed(admin.value, operation, place))
        return forbidden(neededFor(operation, place.track));
      const sent = sentWith(request);
      if (!sent.ok) return sent;
      const { headers, messageContext: context } = request;
      const caller = { ...place, params, admin: admin.value, context, headers };
      return verbOf(operation) === 'read'
        ? await operation.call(caller, sent.value)
        : await this.change(operation, caller, sent.value, request);
    } catch (error) {
      if (storeFault(error)?.kind !== 'unavailable') throw error;
      return away('config');
    }
  }

  private async change(
    operation: Operation,
    caller: Caller,
    sent: Sent,
    request: HttpRequest,
  ): Promise<Answered<Reply>> {
    const { audit } = this.parts;
    const { tenant, track, admin } = caller;
    const id = await audit.begin({
      tenant,
      track,
      operation: operation.id,
      actor: { sub: admin.sub, client_id: admin.client_id, ...(admin.name !== undefined && { name: admin.name }) },
      path: request.rawPath.slice(0, 500),
      request_id: request.requestId,
    });
    const end = (entry: Parameters<AuditLog['end']>[1]): Promise<void> => this.end(id, entry);
    try {
      const replied = await operation.call(caller, sent);
      if (replied.ok) await end({ outcome: 'done', changes: (replied.value.changed ?? []).flatMap(audited) });
      else await end({ outcome: 'refused', detail: told(replied.error), changes: [] });
      return replied;
    } catch (error) {
      await end({ outcome: 'failed', changes: [] });
      throw error;
    }
  }

  /** What was done is done: that its end cannot be noted is no reason to say otherwise. */
  private async end(id: string, entry: Parameters<AuditLog['end']>[1]): Promise<void> {
    await this.parts.audit
      .end(id, entry)
      .catch((error: unknown) =>
        this.parts.logger.error({ error, entry: id }, 'the end of a change is not in the audit log'),
      );
  }
}

const wrongMethod = (allow: readonly Method[]): Refusal => ({
  status: 405,
  title: 'This address does not take requests of this kind.',
  detail: `It takes ${allow.join(', ')}.`,
  allow,
});

const isAllowed = (
  { scopes, roles }: Administrator,
  operation: Operation,
  { tenant, track }: { tenant: string; track: string },
): boolean => {
  const asked = { tenant_is_master: tenant === 'master', area: operation.area, verb: verbOf(operation), track };
  return mayDo(readRights(scopes), asked) && mayDo(readRights(roles), asked);
};

/** The smallest right that would do, in words. */
const neededFor = (operation: Operation, track: string): string =>
  `It takes the scope and the role ${smallestRightFor(operation).replace('[NAME]', `[${track}]`)}, or a wider one.`;

const told = ({ status, title, detail }: Refusal): string => `${status} ${detail ?? title}`.slice(0, 1000);

const kindOf = ({ before, after }: Changed): AuditedChange['kind'] =>
  before === undefined ? 'created' : after === undefined ? 'deleted' : 'updated';

const audited = (changed: Changed | AuditedChange): AuditedChange[] => {
  if ('kind' in changed) return [changed];
  const fields = differences(changed.before ?? {}, changed.after ?? {});
  return [{ target: changed.target, kind: kindOf(changed), fields }];
};
