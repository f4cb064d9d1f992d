import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deadLettered, durableEvents, events, questions } from '../index.js';
import { describeContract, type ContractDescription } from './describe-contract.js';
import { incompatibilities } from './incompatibilities.js';

const folder = join(__dirname, '../../golden');
const update = process.env['UPDATE_GOLDEN'] === '1';
const contracts = [...questions, ...events, ...durableEvents, deadLettered];
const fileOf = (subject: string): string => join(folder, `${subject}.json`);
const howTo = 'UPDATE_GOLDEN=1 npx jest -c libs/contracts/jest.config.cjs golden';

/** The order of keys in a file is that of the alphabet, so that moving a line in the source changes nothing. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
};
const described = (contract: (typeof contracts)[number]): ContractDescription =>
  sorted(JSON.parse(JSON.stringify(describeContract(contract)))) as ContractDescription;

const golden = (subject: string): ContractDescription | undefined =>
  existsSync(fileOf(subject)) ? (JSON.parse(readFileSync(fileOf(subject), 'utf8')) as ContractDescription) : undefined;

describe('golden JSON of every contract and version', () => {
  beforeAll(() => {
    if (!update) return;
    mkdirSync(folder, { recursive: true });
    for (const contract of contracts) {
      const before = golden(contract.subject);
      const now = described(contract);
      // What is incompatible is not written over: it needs another version, or the file's removal by hand before a release.
      if (before && incompatibilities(before, now).length > 0) continue;
      writeFileSync(fileOf(contract.subject), `${JSON.stringify(now, null, 2)}\n`);
    }
  });

  it.each(contracts)(
    '$subject changes only by added optional fields; anything else is the next version beside it',
    (contract) => {
      const before = golden(contract.subject);
      if (!before) throw new Error(`${contract.subject} is new: ${howTo}`);
      expect(incompatibilities(before, described(contract))).toEqual([]);
    },
  );

  it.each(contracts)(`$subject is as its golden file says (${howTo})`, (contract) => {
    expect(golden(contract.subject)).toEqual(described(contract));
  });

  it('has no file of a contract that is no more', () => {
    const known = contracts.map(({ subject }) => `${subject}.json`);
    expect(readdirSync(folder).filter((file) => !known.includes(file))).toEqual([]);
  });
});
