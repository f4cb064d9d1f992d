import { problem, under, type Problem } from '../problems/problem.js';
import { problemsOf } from '../problems/problem.js';
import { tenantsDocument, trackDocument, type RawTrack } from './document.js';
import type { FileProblem, Source } from './source.js';

type Path = Problem['path'];

/** A place in a file. */
export interface Place {
  readonly source: Source;
  readonly path: Path;
}

/** A value and the place where it stands. */
export interface Placed extends Place {
  readonly value: unknown;
}

/** The parts of a track, collected from every document that speaks of it. */
export interface TrackDraft {
  readonly name: string;
  readonly head: { display_name?: string; note?: string };
  /** Where it was first named. */
  readonly place: Place;
  settings?: Placed;
  readonly up_parties: Placed[];
  readonly down_parties: Placed[];
  readonly users: Placed[];
  readonly external_users: Placed[];
}

/** A tenant, collected from every document that speaks of it. */
export interface TenantDraft {
  readonly name: string;
  readonly head: { display_name?: string; note?: string };
  readonly tracks: Map<string, TrackDraft>;
}

/** The parts of all documents, by tenant and track. */
export class Drafts {
  readonly tenants = new Map<string, TenantDraft>();
  readonly problems: FileProblem[] = [];

  /** Takes in one document, its environment already filled in. */
  add(value: unknown, source: Source): void {
    const whole = { value, source, path: [] };
    const isTrack = typeof value === 'object' && value !== null && 'track' in value;
    if (isTrack) this.addTrackDocument(whole);
    else this.addTenants(whole);
  }

  private refuse(source: Source, problems: readonly Problem[]): void {
    this.problems.push(...problems.map((each) => source.locate(each)));
  }

  private addTrackDocument({ value, source, path }: Placed): void {
    const parsed = trackDocument.safeParse(value);
    if (!parsed.success) return this.refuse(source, problemsOf(parsed.error));
    const { tenant, track, ...rest } = parsed.data;
    this.addTrack(this.tenant(tenant, {}, { source, path }), { name: track, ...rest }, { source, path });
  }

  private addTenants({ value, source }: Placed): void {
    const parsed = tenantsDocument.safeParse(value);
    if (!parsed.success) return this.refuse(source, problemsOf(parsed.error));
    parsed.data.tenants.forEach(({ name, tracks, ...head }, index) => {
      const tenant = this.tenant(name, head, { source, path: ['tenants', index] });
      tracks.forEach((track, at) => this.addTrack(tenant, track, { source, path: ['tenants', index, 'tracks', at] }));
    });
  }

  private tenant(name: string, head: TenantDraft['head'], place: Place): TenantDraft {
    const tenant = this.tenants.get(name) ?? { name, head: {}, tracks: new Map() };
    this.tenants.set(name, tenant);
    this.mergeHead(tenant.head, head, place);
    return tenant;
  }

  private mergeHead(into: TenantDraft['head'], from: TenantDraft['head'], { source, path }: Place): void {
    for (const field of ['display_name', 'note'] as const) {
      if (from[field] === undefined) continue;
      if (into[field] !== undefined && into[field] !== from[field]) {
        this.refuse(source, [problem([...path, field], 'is set to something else in another place')]);
      }
      into[field] = from[field];
    }
  }

  private addTrack(tenant: TenantDraft, raw: RawTrack, place: Place): void {
    const { source, path } = place;
    const fresh: TrackDraft = {
      name: raw.name,
      head: {},
      place,
      up_parties: [],
      down_parties: [],
      users: [],
      external_users: [],
    };
    const draft = tenant.tracks.get(raw.name) ?? fresh;
    tenant.tracks.set(raw.name, draft);
    this.mergeHead(draft.head, raw, place);
    this.addSettings(draft, raw.settings, { ...place, path: [...path, 'settings'] });
    for (const list of ['up_parties', 'down_parties', 'users', 'external_users'] as const) {
      const items = (raw[list] ?? []).map((value, index) => ({ value, source, path: [...path, list, index] }));
      draft[list].push(...items);
    }
  }

  private addSettings(draft: TrackDraft, value: unknown, place: Place): void {
    if (value === undefined) return;
    if (draft.settings)
      this.refuse(place.source, [problem(place.path, `of track ${draft.name} are set in another place too`)]);
    draft.settings = { ...place, value };
  }
}

/** Puts problems of a part at the part's place. */
export const located = ({ source, path }: Place, problems: readonly Problem[]): FileProblem[] =>
  under(path, problems).map((each) => source.locate(each));
