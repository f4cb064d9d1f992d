import { fail, ok, type Outcome } from '@corsac/outcome';
import { parseDownParty, parseExternalUser, parseTrackSettings, parseUpParty, parseUser } from '../parties/parse.js';
import type { Problem } from '../problems/problem.js';
import { writtenTrackSettingsSchema } from '../tracks/settings.js';
import type { WrittenTrack } from '../tracks/track.js';
import { validateTrack } from '../tracks/validate.js';
import { Drafts, located, type Placed, type TenantDraft, type TrackDraft } from './draft.js';
import { substitute, type Environment } from './environment.js';
import { refuseNotYet, type NotYet } from './not-yet.js';
import { Source, type DeclarativeFile, type FileProblem } from './source.js';

/** A tenant as its files want it to be. */
export interface DesiredTenant {
  readonly name: string;
  readonly display_name?: string;
  readonly note?: string;
  readonly tracks: readonly WrittenTrack[];
}

/** What a set of files wants; secrets are as written, to be hashed or sealed by whoever applies it. */
export interface DesiredState {
  readonly tenants: readonly DesiredTenant[];
}

/** What reading needs from outside. */
export interface ParseOptions {
  readonly env?: Environment;
  readonly notYet?: NotYet;
}

const defaultSettings = writtenTrackSettingsSchema.parse({});

const lists = ['up_parties', 'down_parties', 'users', 'external_users'] as const;

const notYetAvailable = (draft: TrackDraft, table: NotYet): FileProblem[] => [
  ...(draft.settings ? located(draft.settings, refuseNotYet(draft.settings.value, table, 'settings')) : []),
  ...lists.flatMap((list) => draft[list].flatMap((item) => located(item, refuseNotYet(item.value, table, list)))),
];

/** Reads the parts of a list; a part that is not readable is left out and told. */
const readList = <T>(
  items: readonly Placed[],
  parse: (value: unknown) => Outcome<T, Problem[]>,
  problems: FileProblem[],
): T[] =>
  items.flatMap((item) => {
    const outcome = parse(item.value);
    if (outcome.ok) return [outcome.value];
    problems.push(...located(item, outcome.error));
    return [];
  });

/** The place of a problem that was found in the assembled track: its first two keys say which part it is. */
const locateInTrack = (draft: TrackDraft, { path, ...rest }: Problem): FileProblem => {
  const [list, index, ...below] = path;
  const item = lists.includes(list as 'users') ? draft[list as 'users'][index as number] : undefined;
  return item ? located(item, [{ ...rest, path: below }])[0]! : located(draft.place, [{ ...rest, path: [] }])[0]!;
};

const readTrack = (draft: TrackDraft, notYet: NotYet): { track: WrittenTrack; problems: FileProblem[] } => {
  const problems = notYetAvailable(draft, notYet);
  const settings = parseTrackSettings(draft.settings?.value);
  if (!settings.ok) problems.push(...located(draft.settings ?? draft.place, settings.error));
  const track: WrittenTrack = {
    name: draft.name,
    ...draft.head,
    settings: settings.ok ? settings.value : defaultSettings,
    up_parties: readList(draft.up_parties, parseUpParty, problems),
    down_parties: readList(draft.down_parties, parseDownParty, problems),
    users: readList(draft.users, parseUser, problems),
    external_users: readList(draft.external_users, parseExternalUser, problems),
  };
  // Parts that could not be read would show as missing in what refers to them, so the whole is looked at only when all are there.
  if (problems.length === 0) problems.push(...validateTrack(track).map((each) => locateInTrack(draft, each)));
  return { track, problems };
};

type Steps<T> = Generator<void, T>;

function* readTenant(
  draft: TenantDraft,
  notYet: NotYet,
): Steps<{ tenant: DesiredTenant; problems: readonly FileProblem[] }> {
  const tracks: WrittenTrack[] = [];
  const problems: FileProblem[] = [];
  for (const [name, one] of draft.tracks) {
    const read = readTrack(one, notYet);
    // What was read is not kept in its raw form as well.
    draft.tracks.delete(name);
    tracks.push(read.track);
    problems.push(...read.problems);
    yield;
  }
  return { tenant: { name: draft.name, ...draft.head, tracks }, problems };
}

function* collect(files: readonly DeclarativeFile[], env: Environment): Steps<Drafts> {
  const drafts = new Drafts();
  for (const file of files) {
    const { sources, problems } = yield* Source.read(file);
    drafts.problems.push(...problems);
    for (const source of problems.length > 0 ? [] : sources) {
      yield;
      const read = source.takeValue();
      if ('problem' in read) {
        drafts.problems.push(read.problem);
        continue;
      }
      yield;
      const filled = substitute(read.value, env);
      drafts.problems.push(...filled.problems.map((each) => source.locate(each)));
      yield;
      if (filled.problems.length === 0) drafts.add(filled.value, source);
    }
  }
  return drafts;
}

/**
 * Reads declarative files: `tenants:` documents and `tenant:`/`track:` documents, several in a file or in many files, put together by
 * name. Every part is complete afterwards and every track valid as a whole. It is done in steps of which none takes long, a track
 * each, so that who reads thousands of them can do other things between.
 * @returns the desired state, or every problem found with file, line and field
 */
export function* readDeclarative(
  files: readonly DeclarativeFile[],
  { env = {}, notYet = new Map() }: ParseOptions = {},
): Steps<Outcome<DesiredState, FileProblem[]>> {
  const drafts = yield* collect(files, env);
  if (drafts.problems.length > 0) return fail(drafts.problems);
  const tenants: DesiredTenant[] = [];
  const problems: FileProblem[] = [];
  for (const draft of drafts.tenants.values()) {
    const read = yield* readTenant(draft, notYet);
    tenants.push(read.tenant);
    for (const problem of read.problems) problems.push(problem);
  }
  return problems.length > 0 ? fail(problems) : ok({ tenants });
}

/** The same at once, for few tracks. */
export const parseDeclarative = (
  files: readonly DeclarativeFile[],
  options?: ParseOptions,
): Outcome<DesiredState, FileProblem[]> => {
  const steps = readDeclarative(files, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
};

/** Writes a problem in the form that editors and terminals turn into a link. */
export const formatFileProblem = ({ file, line, column, field, message, mend }: FileProblem): string =>
  `${file}:${line}:${column} ${field === '' ? '' : `${field} `}${message}${mend ? ` (${mend})` : ''}`;
