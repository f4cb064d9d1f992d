import { ok, type Outcome } from '@corsac/outcome';
import { findAccess } from '../access/find-access.js';
import { ControlApi } from '../api/control-api.js';
import type { Machine } from '../machine/machine.js';
import type { Problem } from '../machine/problem.js';

/** An option of a command: `--name VALUE`, or `--name` alone where no value is named. */
export interface Option {
  readonly value?: string;
  readonly short?: string;
  readonly multiple?: true;
  readonly required?: true;
  readonly says: string;
}

/** What stands on the command line beside options. */
export interface Operands {
  readonly name: string;
  readonly least: number;
  readonly most: number;
}

/** A command line that was read: every option is one that the command has. */
export interface Arguments {
  readonly texts: Readonly<Record<string, readonly string[]>>;
  readonly flags: ReadonlySet<string>;
  readonly operands: readonly string[];
}

export interface Call {
  readonly machine: Machine;
  readonly given: Arguments;
  /** For people, before the command is done; goes to standard error with `--json`. */
  readonly say: (lines: readonly string[]) => void;
}

export interface Done {
  /** For people. */
  readonly lines: readonly string[];
  /** For machines. */
  readonly json: unknown;
  /** 0 unless said: 1 where what was looked at has problems, 3 where a plan has changes and that was asked for. */
  readonly exit?: 0 | 1 | 3;
}

export interface Command {
  /** One or two words. */
  readonly name: string;
  readonly says: string;
  /** Further lines of its help. */
  readonly more?: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  readonly operands?: Operands;
  readonly run: (call: Call) => Promise<Outcome<Done, Problem>>;
}

/** Options of every command that calls the Control API. */
export const placeOptions = {
  url: { value: 'URL', says: 'Address of the installation (CORSAC_URL; else where you are signed in).' },
  tenant: { value: 'NAME', says: 'Tenant (CORSAC_TENANT; else where you are signed in).' },
} as const satisfies Command['options'];

export const trackOption = {
  value: 'NAME',
  required: true,
  says: 'Track; the production track is usually named -.',
} as const;

/** The value of an option that is given at most once. */
export const textOf = ({ given }: Pick<Call, 'given'>, name: string): string | undefined => given.texts[name]?.[0];

/** Values of an option that may be repeated. */
export const textsOf = ({ given }: Pick<Call, 'given'>, name: string): readonly string[] => given.texts[name] ?? [];

/** The Control API as the environment, the options and the logins say. */
export const apiFor = async (call: Call, tenant = textOf(call, 'tenant')): Promise<Outcome<ControlApi, Problem>> => {
  const access = await findAccess(call.machine, { url: textOf(call, 'url'), tenant });
  return access.ok ? ok(new ControlApi(call.machine, access.value)) : access;
};

/** What a command did, in one line. */
export const done = (line: string, json: unknown = {}): Outcome<Done, never> => ok({ lines: [line], json });
