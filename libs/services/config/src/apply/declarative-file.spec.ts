import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentDeclarativeFile } from '@corsac/model';
import { notYetAvailable } from './not-yet.js';

describe('the reference page of declarative files', () => {
  it('is as the schemas are and says what is refused so far; UPDATE_DOCS=1 writes it', () => {
    const page = join(__dirname, '../../../../../docs/reference/declarative-file.md');
    const made = documentDeclarativeFile(notYetAvailable);
    if (process.env['UPDATE_DOCS']) writeFileSync(page, made);
    expect(existsSync(page) && readFileSync(page, 'utf8')).toBe(made);
  });
});
