import type { Caller, Reply } from '../api/operation.js';
import type { Answered } from '../api/refusal.js';
import { MemoryAuditLog } from './memory-audit-log.js';
import { auditOperations } from './operations.js';

const caller: Caller = {
  tenant: 'acme',
  track: '-',
  params: { tenant: 'acme', track: '-' },
  admin: { tenant: 'acme', sub: 'ada', client_id: 'c', scopes: [], roles: [] },
  context: {} as Caller['context'],
  headers: {},
};

describe('Reading the audit log', () => {
  let audit: MemoryAuditLog;
  let now = 0;
  beforeEach(() => {
    audit = new MemoryAuditLog(() => now);
    now = 1_800_000_000_000;
  });

  const read = (query: Record<string, string> = {}, place: Partial<Caller> = {}): Promise<Answered<Reply>> => {
    const [operation] = auditOperations({ audit, trackExists: async (_tenant, track) => track === '-' });
    return operation!.call({ ...caller, ...place }, { query, body: undefined });
  };
  const begin = (sub = 'ada', track = '-'): Promise<string> =>
    audit.begin({
      ...{ tenant: 'acme', track, operation: 'putUpParty', path: '/api/acme/-/up_parties/azure', request_id: 'r-1' },
      actor: { sub, client_id: 'corsac_control' },
    });
  const itemsOf = (answered: Answered<Reply>): { id: string }[] =>
    answered.ok ? (answered.value.body as { items: { id: string }[] }).items : [];

  it('shows who did what, and what it changed by the names of fields', async () => {
    const id = await begin();
    const fields = [{ path: ['scopes', 0], before: 'openid', after: 'email' }];
    await audit.end(id, { outcome: 'done', changes: [{ target: 'up-party azure', kind: 'updated', fields }] });
    expect(await read()).toEqual({
      ok: true,
      value: {
        body: {
          items: [
            {
              ...{ id, at_ms: now, operation: 'putUpParty', outcome: 'done', request_id: 'r-1' },
              actor: { sub: 'ada', client_id: 'corsac_control' },
              path: '/api/acme/-/up_parties/azure',
              changes: [
                {
                  target: 'up-party azure',
                  kind: 'updated',
                  fields: [{ field: 'scopes[0]', before: 'openid', after: 'email' }],
                },
              ],
            },
          ],
        },
      },
    });
  });

  it('goes on where the page before ended, and the last page has no next', async () => {
    const ids = [await begin(), await begin(), await begin()];
    const first = await read({ limit: '2' });
    expect(itemsOf(first).map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect(first).toMatchObject({ value: { body: { next: ids[1] } } });
    const second = await read({ limit: '2', cursor: ids[1]! });
    expect(second).toMatchObject({ ok: true, value: { body: { items: [{ id: ids[0] }] } } });
    expect(second.ok && second.value.body).not.toHaveProperty('next');
  });

  it('shows what one administrator did', async () => {
    await begin();
    const id = await begin('bob');
    expect(itemsOf(await read({ sub: 'bob' })).map((entry) => entry.id)).toEqual([id]);
  });

  it('has what was done to a track that is gone, and does not know one that never was', async () => {
    await begin('ada', 'gone');
    expect(itemsOf(await read({}, { track: 'gone' }))).toHaveLength(1);
    expect(await read({}, { track: 'never' })).toMatchObject({ error: { status: 404 } });
    expect(await read()).toEqual({ ok: true, value: { body: { items: [] } } });
  });

  it.each([
    ['cursor', { cursor: 'x' }],
    ['cursor', { cursor: '9'.repeat(20) }],
    ['limit', { limit: '0' }],
    ['limit', { limit: '201' }],
    ['sub', { sub: '' }],
    ['sub', { sub: 'x'.repeat(201) }],
    ['other', { other: '1' }],
  ])('refuses a query whose %s it does not understand: %j', async (field, query) => {
    const answered = await read(query as unknown as Record<string, string>);
    expect(answered).toMatchObject({ ok: false, error: { status: 400 } });
    expect(JSON.stringify(answered)).toContain(field);
  });
});
