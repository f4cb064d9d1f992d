import { ok } from '@corsac/outcome';
import { hash } from 'node:crypto';
import { z } from 'zod';
import { everyOperation } from '../description/every-operation.js';
import { apiPageOf, apiPageStyleHash } from './api-page.js';
import { operation } from './operation.js';

const options = { base_url: 'https://id.example.com', version: '1.2.3' };

describe('The page of the Control API', () => {
  const operations = everyOperation();
  const page = apiPageOf(operations, options);

  it('has every operation, with the right that it takes', () => {
    for (const { id, path } of operations) {
      expect(page).toContain(`<article id="${id}">`);
      expect(page).toContain(`<code>${path}</code>`);
    }
    expect(page).toContain('<code>corsac:tenant:track[NAME]:audit.read</code>');
    expect(page).toContain('<code>corsac:master.delete</code>');
  });

  it('has a place for everything that it links to, and each place once', () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(expect.arrayContaining([...new Set(links)]));
  });

  it('needs no script and no style but the one that its policy names', () => {
    expect(page).not.toMatch(/<script|\son\w+=|\sstyle=|javascript:/);
    const [, style = '', ...more] = page.split(/<style>|<\/style>/);
    expect(more).toHaveLength(1);
    expect(`sha256-${hash('sha256', style, 'base64')}`).toBe(apiPageStyleHash);
  });

  it('shows whatever an operation says as text', () => {
    const odd = `<img src=x> "&' \`<b>\``;
    const made = operation({
      id: 'tryThing',
      method: 'PUT',
      path: '/api/{tenant}/things',
      area: 'tenant',
      summary: odd,
      query: z.strictObject({ odd: z.enum(['<i>']).default('<i>').describe(odd) }),
      body: z.object({ odd: z.string().describe(odd) }),
      run: async () => ok({}),
    });
    const shown = apiPageOf([made], options);
    for (const tag of ['<img', '<b>', '<i>']) expect(shown).not.toContain(tag);
  });

  it('leaves out areas in which there is nothing', () => {
    const shown = apiPageOf(
      operations.filter(({ area }) => area === 'audit'),
      options,
    );
    expect(shown).toContain('id="area-audit"');
    expect(shown).not.toContain('id="area-party"');
  });
});
