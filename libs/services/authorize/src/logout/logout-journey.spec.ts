import { MemoryItemStore } from '@corsac/data';
import { LogoutJourneys } from './logout-journey.js';

describe('where a logout is kept', () => {
  it.each([
    ['a NUL in the id', 'acme', `${'x'.repeat(31)}\0`],
    ['an id of any length', 'acme', 'x'.repeat(2000)],
    ['a NUL in the tenant', 'acme\0', 'x'.repeat(32)],
    ['a tenant of any length', 'a'.repeat(2000), 'x'.repeat(32)],
    ['another path', 'acme/other', 'x'.repeat(32)],
  ])('has nothing under %s, without asking the store', async (_what, tenant, id) => {
    const journeys = new LogoutJourneys(new MemoryItemStore(), () => 0);
    expect(await journeys.find(tenant, id)).toBeUndefined();
  });
});
