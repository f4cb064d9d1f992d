import { fail, ok, type Outcome } from '@corsac/outcome';
import type { z } from 'zod';
import { isTooDeep, tooDeep } from '../problems/depth.js';
import { problem, problemsOf, type Problem } from '../problems/problem.js';
import { writtenTrackSettingsSchema, type WrittenTrackSettings } from '../tracks/settings.js';
import { externalUserSchema, type ExternalUser } from '../users/external-user.js';
import { writtenUserSchema, type WrittenUser } from '../users/user.js';
import { completeDownParty } from './complete.js';
import { writtenDownPartySchema, type WrittenDownParty } from './down-party.js';
import { writtenUpPartySchema, type WrittenUpParty } from './up-party.js';

const parse = <S extends z.ZodType>(schema: S, input: unknown): Outcome<z.output<S>, Problem[]> => {
  if (isTooDeep(input)) return fail([problem([], tooDeep)]);
  const result = schema.safeParse(input);
  return result.success ? ok(result.data) : fail(problemsOf(result.error));
};

/** Reads an up-party as somebody wrote it; every default filled in, unknown settings refused. */
export const parseUpParty = (input: unknown): Outcome<WrittenUpParty, Problem[]> => parse(writtenUpPartySchema, input);

/** Reads a down-party as somebody wrote it; every default filled in, unknown settings refused. */
export const parseDownParty = (input: unknown): Outcome<WrittenDownParty, Problem[]> => {
  const outcome = parse(writtenDownPartySchema, input);
  return outcome.ok ? ok(completeDownParty(outcome.value)) : outcome;
};

/** Reads the settings of a track; undefined stands for none. Every default filled in, unknown settings refused. */
export const parseTrackSettings = (input: unknown): Outcome<WrittenTrackSettings, Problem[]> =>
  parse(writtenTrackSettingsSchema, input ?? {});

/** Reads a user as somebody wrote it, the password still as text or hash; unknown settings refused. */
export const parseUser = (input: unknown): Outcome<WrittenUser, Problem[]> => parse(writtenUserSchema, input);

/** Reads the record of an external user as somebody wrote it. */
export const parseExternalUser = (input: unknown): Outcome<ExternalUser, Problem[]> => parse(externalUserSchema, input);
