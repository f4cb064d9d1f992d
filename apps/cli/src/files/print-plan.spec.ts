import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planShape, printPlan, summaryOf, type PlannedChange } from './print-plan.js';
import { readFiles } from './read-files.js';

const changes: PlannedChange[] = [
  { action: 'create', kind: 'track', track: 'dev' },
  { action: 'create', kind: 'up_party', track: 'dev', name: 'login' },
  {
    action: 'update',
    kind: 'down_party',
    track: '-',
    name: 'shop',
    fields: [
      { path: ['redirect_uris', 1], after: 'https://shop.example/cb' },
      { path: ['display_name'], before: 'Shop', after: 'Store' },
      { path: ['secrets'], before: '***', after: '***' },
    ],
  },
  { action: 'update', kind: 'settings', track: '-', fields: [{ path: ['mail'], before: { host: 'a' } }] },
  { action: 'delete', kind: 'up_party', track: '-', name: 'azure' },
];

describe('a plan', () => {
  it('is one thing a line, with the fields that differ below it', () => {
    expect(printPlan(changes)).toEqual([
      '+ track dev',
      '+ up-party login of track dev',
      '~ down-party shop of track -',
      '    redirect_uris[1]: (none) -> "https://shop.example/cb"',
      '    display_name: "Shop" -> "Store"',
      '    secrets: "***" -> "***"',
      '~ settings of track -',
      '    mail: {"host":"a"} -> (none)',
      '- up-party azure of track -',
    ]);
  });

  it('cuts values that nobody reads', () => {
    const [, line] = printPlan([
      { action: 'update', kind: 'settings', track: '-', fields: [{ path: ['note'], after: 'x'.repeat(10_000) }] },
    ]);
    expect(line!.length).toBeLessThan(300);
  });

  it('is summed up', () => {
    expect(summaryOf(changes, false)).toBe('2 to create, 2 to update, 1 to delete.');
    expect(summaryOf(changes, true)).toBe('2 created, 2 updated, 1 deleted.');
  });

  it('is read only in its own shape', () => {
    expect(planShape.safeParse({ changes }).success).toBe(true);
    for (const other of [undefined, {}, { changes: [{ action: 'explode', kind: 'track' }] }])
      expect(planShape.safeParse(other).success).toBe(false);
  });
});

describe('declarative files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'corsac-files-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  for (const name of ['b.yaml', 'a.yml', 'c.json', 'notes.txt', '.hidden']) writeFileSync(join(folder, name), name);
  mkdirSync(join(folder, 'empty'));

  const names = async (...paths: string[]) => {
    const read = await readFiles(paths);
    return read.ok ? read.value.map(({ file }) => file.slice(folder.length + 1)) : read.error.message;
  };

  it('are those of a folder in the order of their names, each once', async () => {
    expect(await names(folder)).toEqual(['a.yml', 'b.yaml', 'c.json']);
    expect(await names(join(folder, 'c.json'), folder)).toEqual(['c.json', 'a.yml', 'b.yaml']);
    expect(await names(join(folder, 'notes.txt'))).toEqual(['notes.txt']);
  });

  it('are missed by the path that was given', async () => {
    expect(await names(join(folder, 'none'))).toBe(`${folder}/none does not exist`);
    expect(await names(join(folder, 'empty'))).toBe(`${folder}/empty has no file that ends in .yaml, .yml or .json`);
  });
});
