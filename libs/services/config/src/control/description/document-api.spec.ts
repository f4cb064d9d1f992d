import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentControlApi } from './document-api.js';
import { everyOperation } from './every-operation.js';

describe('the reference page of the Control API', () => {
  const operations = everyOperation();

  it('is as the operations are; UPDATE_DOCS=1 writes it', () => {
    const page = join(__dirname, '../../../../../../docs/reference/control-api.md');
    const made = documentControlApi(operations);
    if (process.env['UPDATE_DOCS']) writeFileSync(page, made);
    expect(existsSync(page) && readFileSync(page, 'utf8')).toBe(made);
  });

  it('has every operation', () => {
    const made = documentControlApi(operations);
    for (const { id, method, path } of operations) expect(made).toContain(`### ${id}\n\n\`${method} ${path}\`\n`);
  });
});
