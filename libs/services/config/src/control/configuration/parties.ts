import { isName, nameSchema, type Track } from '@corsac/model';
import { ok } from '@corsac/outcome';
import { z } from 'zod';
import { mayCreate } from '../access/may-create.js';
import type { Call, Reply } from '../api/operation.js';
import { pageOf, pageQuery } from '../api/page.js';
import { checkPrecondition } from '../api/precondition.js';
import { conflict, fieldErrorsOf, forbidden, invalid, notFound, type Answered } from '../api/refusal.js';
import { withoutEffect, type Edited, type TrackEditor } from './edit-track.js';
import type { PartyKind, SentParty } from './party-kinds.js';
import { renameParty } from './rename-party.js';

export const partyQuery = pageQuery.extend({
  filter: z.string().max(100).optional().describe('Part of the name, of the display name or of the type.'),
  type: z.string().max(20).optional().describe('Only parties of this type.'),
});
export const partyRenaming = z.strictObject({
  name: nameSchema.describe('The new name. References within the track follow; addresses change.'),
});

type Place = Pick<Call<unknown, unknown>, 'tenant' | 'track' | 'headers'>;
interface Named {
  readonly name: string;
  readonly type: string;
  readonly display_name?: string;
}

const badName = { field: 'name', message: 'must be 1 to 50 of the characters a-z, 0-9, _ and - (lower case)' };

const needsCreate = 'To make a party takes a right that covers `create`.';

/** What administrators do with the parties of a track, of one kind. */
export class Parties<Party extends Named, Written> {
  constructor(
    private readonly kind: PartyKind<Party, Written>,
    private readonly editor: TrackEditor,
  ) {}

  async list({ tenant, track, query }: Call<z.output<typeof partyQuery>, unknown>): Promise<Answered<Reply>> {
    const kept = await this.editor.read(tenant, track);
    if (!kept.ok) return kept;
    const { filter = '', type, ...page } = query;
    const wanted = filter.toLowerCase();
    const fits = (party: Party): boolean =>
      (type === undefined || party.type === type) &&
      [party.name, party.type, party.display_name ?? ''].some((text) => text.toLowerCase().includes(wanted));
    const found = this.kind.of(kept.value).filter(fits);
    return ok({ body: pageOf(found, page, ({ name }) => name, this.kind.show) });
  }

  async read({ tenant, track, params }: Call<unknown, unknown>): Promise<Answered<Reply>> {
    const name = params['name']!;
    const kept = await this.editor.read(tenant, track);
    if (!kept.ok) return kept;
    const party = this.find(kept.value, name);
    return party ? ok({ body: this.kind.show(party), tagged: true }) : notFound(this.target(name));
  }

  async create(call: Call<unknown, SentParty>): Promise<Answered<Reply>> {
    const { name } = call.body;
    if (typeof name !== 'string' || !isName(name)) return invalid([badName]);
    return this.save(call, name, call.body, (there) => !there || conflict(`There is a party ${name} already.`));
  }

  put(call: Call<unknown, SentParty>): Promise<Answered<Reply>> {
    const name = call.params['name']!;
    if (!isName(name)) return Promise.resolve(invalid([badName]));
    return this.save(call, name, call.body, (there) => there || mayCreate(call, 'party') || forbidden(needsCreate));
  }

  async rename({ tenant, track, params, body, headers }: Call<unknown, { name: string }>): Promise<Answered<Reply>> {
    const { list } = this.kind;
    const from = params['name']!;
    const edited = await this.editor.edit(tenant, track, (kept) => {
      const party = this.unchanged(kept, from, headers);
      if (!party.ok) return party;
      if (this.find(kept, body.name)) return conflict(`The name ${body.name} is taken.`);
      return ok({ ...renameParty(kept, list, from, body.name), part: { list, name: body.name } });
    });
    if (!edited.ok) return edited;
    const before = this.kind.show(this.find(edited.value.before, from)!);
    const after = this.kind.show(this.find(edited.value.after, body.name)!);
    return ok({ body: after, tagged: true, changed: [{ target: this.target(from), before, after }] });
  }

  async remove({ tenant, track, params, headers }: Call<unknown, unknown>): Promise<Answered<Reply>> {
    const { list } = this.kind;
    const name = params['name']!;
    const edited = await this.editor.edit(tenant, track, (kept) => {
      const party = this.unchanged(kept, name, headers);
      if (!party.ok) return party;
      const left = this.kind.of(kept).filter((each) => each.name !== name);
      return ok({ track: { ...kept, [list]: left }, removed: { [list]: [name] } });
    });
    if (!edited.ok) return edited;
    const before = this.kind.show(this.find(edited.value.before, name)!);
    return ok({ changed: [{ target: this.target(name), before }] });
  }

  private find(track: Track, name: string): Party | undefined {
    return this.kind.of(track).find((party) => party.name === name);
  }

  private target(name: string): string {
    return `${this.kind.word} ${name}`;
  }

  /** The party, if it is there and is as the caller has seen it. */
  private unchanged(track: Track, name: string, headers: Place['headers']): Answered<Party> {
    const party = this.find(track, name);
    if (!party) return notFound(this.target(name));
    const stale = checkPrecondition(headers, this.kind.show(party));
    return stale ? { ok: false, error: stale } : ok(party);
  }

  /** @param allow told whether the party is there; true, or why it may not be saved then */
  private async save(
    { tenant, track, headers }: Place,
    name: string,
    sent: SentParty,
    allow: (isThere: boolean) => true | ReturnType<typeof conflict>,
  ): Promise<Answered<Reply>> {
    const edited = await this.editor.edit(tenant, track, (kept) => {
      const before = this.find(kept, name);
      const allowed = allow(before !== undefined);
      if (allowed !== true) return allowed;
      const stale = checkPrecondition(headers, before && this.kind.show(before));
      return stale ? { ok: false, error: stale } : this.changedTo(kept, name, sent, before);
    });
    return edited.ok ? ok(this.saved(name, edited.value)) : edited;
  }

  private changedTo(kept: Track, name: string, sent: SentParty, before: Party | undefined): Answered<Edited> {
    if (sent['name'] !== undefined && sent['name'] !== name)
      return invalid([
        { field: 'name', message: `must be ${name}, as in the address`, mend: 'Rename it at .../rename.' },
      ]);
    if (before && sent['type'] !== undefined && sent['type'] !== before.type)
      return invalid([{ field: 'type', message: `is ${before.type} and stays so`, mend: 'Make another party.' }]);
    const { list } = this.kind;
    const idle = withoutEffect(sent, list);
    if (idle.length > 0) return invalid(fieldErrorsOf(idle));
    const filled = this.kind.withSecrets({ ...(before && { type: before.type }), ...sent, name }, before);
    if (!filled.ok) return invalid(fieldErrorsOf(filled.error));
    const parsed = this.kind.parse(filled.value);
    if (!parsed.ok) return invalid(fieldErrorsOf(parsed.error));
    const parties: (Party | Written)[] = [...this.kind.of(kept)];
    const at = before ? parties.indexOf(before) : parties.length;
    parties.splice(at, 1, parsed.value);
    return ok({ track: { ...kept, [list]: parties }, part: { list, name } });
  }

  private saved(name: string, { before, after }: { before: Track; after: Track }): Reply {
    const [old, made] = [this.find(before, name), this.find(after, name)!];
    const body = this.kind.show(made);
    const changed = [{ target: this.target(name), ...(old && { before: this.kind.show(old) }), after: body }];
    if (old) return { body, tagged: true, changed };
    const location = `/api/${after.tenant}/${after.name}/${this.kind.list}/${name}`;
    return { status: 201, body, tagged: true, location, changed };
  }
}
