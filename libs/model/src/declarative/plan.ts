import { masterName } from '../names/names.js';
import { differences, type FieldChange } from './difference.js';

/** Something with a name that is compared by all its members. */
interface Named {
  readonly name: string;
}

interface Head {
  readonly name: string;
  readonly display_name?: string | undefined;
  readonly note?: string | undefined;
}

/** A track as a plan compares it; both sides with secrets in their stored form, so that an unchanged secret is equal. */
export interface TrackState extends Head {
  readonly settings: object;
  readonly up_parties: readonly Named[];
  readonly down_parties: readonly Named[];
}

/** What exists, or what is wanted. */
export interface InstallationState {
  readonly tenants: readonly (Head & { readonly tracks: readonly TrackState[] })[];
}

/** What a step of a plan is about; `settings` are those of a track. */
export type ChangedKind = 'tenant' | 'track' | 'settings' | 'up_party' | 'down_party';

/** One step of a plan. */
export interface Change {
  readonly action: 'create' | 'update' | 'delete';
  readonly kind: ChangedKind;
  readonly tenant: string;
  readonly track?: string;
  /** Of the party. */
  readonly name?: string;
  /** Of an update: what changes. */
  readonly fields?: readonly FieldChange[];
}

type Target = Omit<Change, 'action' | 'fields'>;

const update = (target: Target, before: unknown, after: unknown): Change[] => {
  const fields = differences(before, after);
  return fields.length > 0 ? [{ action: 'update', ...target, fields }] : [];
};

const byName = <T extends Named>(list: readonly T[], name: string): T | undefined =>
  list.find((item) => item.name === name);

const headOf = ({ display_name, note }: Head) => ({ display_name, note });

interface Parties {
  readonly current: readonly Named[];
  readonly desired: readonly Named[];
  readonly prune: boolean;
}

const planParties = (target: Target, { current, desired, prune }: Parties): Change[] => {
  const wanted = desired.flatMap((party): Change[] => {
    const before = byName(current, party.name);
    const one = { ...target, name: party.name };
    return before ? update(one, before, party) : [{ action: 'create', ...one }];
  });
  const gone = prune ? current.filter(({ name }) => !byName(desired, name)) : [];
  return [...wanted, ...gone.map(({ name }): Change => ({ action: 'delete', ...target, name }))];
};

const planTrack = (tenant: string, current: TrackState | undefined, desired: TrackState, prune: boolean): Change[] => {
  const target = { tenant, track: desired.name };
  const parties = (kind: 'up_party' | 'down_party', list: 'up_parties' | 'down_parties') =>
    planParties({ kind, ...target }, { current: current?.[list] ?? [], desired: desired[list], prune });
  const head: Change[] = current
    ? [
        ...update({ kind: 'track', ...target }, headOf(current), headOf(desired)),
        ...update({ kind: 'settings', ...target }, current.settings, desired.settings),
      ]
    : [{ action: 'create', kind: 'track', ...target }];
  return [...head, ...parties('up_party', 'up_parties'), ...parties('down_party', 'down_parties')];
};

/**
 * Makes the plan that brings an installation to what is wanted, in an order in which it can be carried out.
 * @param prune also delete parties of the tracks that are named and tracks of the tenants that are named, but never a `master` track
 *   and never a whole tenant: leaving something out of a file must not destroy what its writer may not have thought of
 */
export const planChanges = (current: InstallationState, desired: InstallationState, prune = false): Change[] =>
  desired.tenants.flatMap((tenant) => {
    const before = byName(current.tenants, tenant.name);
    const target: Target = { kind: 'tenant', tenant: tenant.name };
    const head: Change[] = before ? update(target, headOf(before), headOf(tenant)) : [{ action: 'create', ...target }];
    const tracks = tenant.tracks.flatMap((track) =>
      planTrack(tenant.name, before && byName(before.tracks, track.name), track, prune),
    );
    const gone = (prune && before ? before.tracks : []).filter(
      ({ name }) => name !== masterName && !byName(tenant.tracks, name),
    );
    return [
      ...head,
      ...tracks,
      ...gone.map(({ name }): Change => ({ action: 'delete', kind: 'track', tenant: tenant.name, track: name })),
    ];
  });
