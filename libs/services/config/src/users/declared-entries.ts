import type { Fingerprinter } from '@corsac/data';
import {
  externalUserFields,
  userFields,
  withCompanions,
  type ExternalUser,
  type ExternalUserField,
  type UserField,
  type WrittenUser,
} from '@corsac/model';

export type EntryKind = 'user' | 'external_user';

/** What a file said of one user when it was last sent on: a keyed digest per field that it set. */
export interface DeclaredEntry {
  readonly kind: EntryKind;
  readonly name: string;
  readonly digests: Readonly<Record<string, string>>;
}

export type NamedEntry = Pick<DeclaredEntry, 'kind' | 'name'>;

const keyOf = ({ kind, name }: NamedEntry): string => `${kind} ${name}`;

/** An entry of a file, and what of it is new. */
export interface ComparedEntry<Field extends string> {
  /** As it is to be remembered. */
  readonly entry: DeclaredEntry;
  /** Under another name before. */
  readonly renamed?: string;
  /** `all` of one who was not there before; empty when nothing changed. */
  readonly changed: 'all' | readonly Field[];
  /** Nothing of it changed, but the master key did. */
  readonly outdated: boolean;
}

type Identified = { user_id?: string; email?: string; username?: string; phone?: string };

/** What an entry is found by at the next time. */
export const nameOfUser = ({ user_id, email, username, phone }: Identified): string =>
  user_id !== undefined ? `id ${user_id}` : (email ?? username ?? phone ?? '');

/** What an entry is found by at the next time. */
export const nameOfExternalUser = (user: ExternalUser): string => {
  const { user_id, up_party, link_claim_value: link, redemption_claim_value: redemption } = user;
  if (user_id !== undefined) return `id ${user_id}`;
  return JSON.stringify(link === undefined ? [up_party, 'redemption', redemption] : [up_party, 'link', link]);
};

/** The same for the same value, in whatever order its members stand. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** By these a user is recognised whose name in the file changed. */
const identifying: readonly string[] = ['email', 'phone', 'username', 'link_claim_value', 'redemption_claim_value'];

/**
 * Tells what files changed since they were last applied, field by field. Only keyed digests are kept of what they said: a
 * password cannot be read back from them, nor two users' be seen to be the same.
 */
export class DeclaredEntries {
  private readonly known: ReadonlyMap<string, DeclaredEntry>;
  private readonly byIdentifier: ReadonlyMap<string, DeclaredEntry>;

  constructor(
    private readonly fingerprinter: Pick<Fingerprinter, 'of' | 'matches' | 'candidates'>,
    private readonly place: { readonly tenant: string; readonly track: string },
    known: readonly DeclaredEntry[],
  ) {
    this.known = new Map(known.map((entry) => [keyOf(entry), entry]));
    this.byIdentifier = new Map(
      known.flatMap((entry) =>
        identifying.flatMap((field): [string, DeclaredEntry][] =>
          entry.digests[field] === undefined ? [] : [[entry.digests[field], entry]],
        ),
      ),
    );
  }

  user(written: WrittenUser): ComparedEntry<UserField> {
    const { changed, ...compared } = this.compare('user', nameOfUser(written), { fields: userFields, values: written });
    return { ...compared, changed: changed === 'all' ? changed : withCompanions(changed) };
  }

  externalUser(written: ExternalUser): ComparedEntry<ExternalUserField> {
    return this.compare('external_user', nameOfExternalUser(written), { fields: externalUserFields, values: written });
  }

  /** Entries that are remembered and not among those that are declared now. */
  without(declared: readonly NamedEntry[]): readonly NamedEntry[] {
    const names = new Set(declared.map(keyOf));
    return [...this.known].filter(([key]) => !names.has(key)).map(([, { kind, name }]) => ({ kind, name }));
  }

  private compare<Field extends string>(
    kind: EntryKind,
    name: string,
    { fields, values }: { fields: readonly Field[]; values: Readonly<Partial<Record<Field, unknown>>> },
  ): ComparedEntry<Field> {
    const set = fields.filter((field) => values[field] !== undefined);
    const textOf = (field: Field, of: string): string => this.textOf({ kind, name: of, field }, values[field]);
    const digests = Object.fromEntries(set.map((field) => [field, this.fingerprinter.of(textOf(field, name))]));
    const entry = { kind, name, digests };
    const before = this.known.get(keyOf(entry)) ?? this.renamed(kind, set, textOf);
    if (!before) return { entry, changed: 'all', outdated: false };
    const isSame = (field: Field): boolean => {
      const digest = before.digests[field];
      if (digest === undefined || values[field] === undefined) return digest === values[field];
      return this.fingerprinter.matches(textOf(field, before.name), digest);
    };
    const changed = fields.filter((field) => !isSame(field));
    const isOfThisKey = before.name === name && set.every((field) => before.digests[field] === digests[field]);
    return {
      entry,
      ...(before.name !== name && { renamed: before.name }),
      changed,
      outdated: changed.length === 0 && !isOfThisKey,
    };
  }

  /** The entry of a user whose name in the file is another one now, known by what is left of the identifiers. */
  private renamed<Field extends string>(
    kind: EntryKind,
    set: readonly Field[],
    textOf: (field: Field, of: string) => string,
  ): DeclaredEntry | undefined {
    const digests = set
      .filter((field) => identifying.includes(field))
      .flatMap((field) => this.fingerprinter.candidates(textOf(field, '')));
    const found = digests.map((digest) => this.byIdentifier.get(digest)).find((entry) => entry !== undefined);
    return found?.kind === kind ? found : undefined;
  }

  /** Identifiers are the same whatever the user is called by; everything else is bound to the name. */
  private textOf(field: { kind: EntryKind; name: string; field: string }, value: unknown): string {
    const { tenant, track } = this.place;
    const name = identifying.includes(field.field) ? '' : field.name;
    return canonical([tenant, track, field.kind, name, field.field, value]);
  }
}
