import type { ConfigCache, TrackView } from '@corsac/config-cache';
import {
  canSignInUsers,
  everyUpParty,
  resolveBinding,
  type TrackLinkDownParty,
  type TrackLinkUpParty,
} from '@corsac/model';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { Frame, LoginFailed, LoginRequest, Sequence } from '../../sequence/sequence.js';
import type { SequenceStore } from '../../sequence/sequence-store.js';
import type { HopRequest } from '../../up-party/track-link/hop.js';
import type { HopMemory } from '../../up-party/track-link/track-link-up-party.js';

export interface OpenParts {
  readonly sequences: SequenceStore;
  readonly config: ConfigCache;
  readonly issuerOf: (tenant: string, track: string) => string;
}

/** Nothing to do (forged, late or twice), or the hop was taken up; `refused` when the two ends do not fit. */
export type Opened = 'ignored' | 'opened' | 'refused';

/**
 * Takes up a hop: checks that it is the one that the sequence waits for, that both ends of the link name each other, and
 * puts the linked track's frame on the sequence. The event is only believed as far as the sequence says the same; a
 * forged, replayed or late one changes nothing.
 */
export const openLinkedTrack = async (parts: OpenParts, hop: HopRequest): Promise<Opened> => {
  const found = await parts.sequences.find(hop.tenant, hop.sequence_id);
  if (found.state !== 'open') return 'ignored';
  const { sequence, version } = found;
  const from = sequence.frames.at(-1);
  const memory = from?.up as HopMemory | undefined;
  if (
    !from ||
    from.result ||
    memory?.hop_id !== hop.hop_id ||
    memory.to.track !== hop.to.track ||
    memory.to.party !== hop.to.party
  )
    return 'ignored';
  const frame = await linkedFrame(parts, sequence, from);
  if (frame === 'away') return 'ignored';
  if (frame.ok) sequence.frames.push(frame.value);
  else from.result = frame.error;
  if (!(await parts.sequences.replace(sequence, version))) return 'ignored';
  return frame.ok ? 'opened' : 'refused';
};

const linkedFrame = async (
  parts: OpenParts,
  sequence: Sequence,
  from: Frame,
): Promise<Outcome<Frame, LoginFailed> | 'away'> => {
  const near = await parts.config.track(sequence.tenant, from.track);
  if (!near.ok) return near.error === 'unavailable' ? 'away' : misfit(`track ${from.track} is no longer there`);
  const up = near.value.upParty(from.upParty ?? '');
  if (up?.type !== 'track_link')
    return misfit(`up-party ${from.upParty ?? ''} of track ${from.track} is no longer a track link`);
  const far = await parts.config.track(sequence.tenant, up.to_down_track_name);
  if (!far.ok)
    return far.error === 'unavailable'
      ? 'away'
      : misfit(`track ${up.to_down_track_name}, named by up-party ${up.name} of track ${from.track}, does not exist`);
  const down = far.value.downParty(up.to_down_party_name);
  const fault = endsFault(from.track, up, down);
  if (fault !== undefined || down?.type !== 'track_link') return misfit(fault ?? 'no track link');
  const login = loginBeyond(from.login, up, down, far.value);
  if (!login.ok) return misfit(login.error);
  return ok({
    track: up.to_down_track_name,
    down: {
      party: down.name,
      type: 'track_link',
      issuer: parts.issuerOf(sequence.tenant, up.to_down_track_name),
      request: {},
    },
    login: login.value,
  });
};

/** Both ends name each other, or the link is none. Says what does not match and where to mend it. */
const endsFault = (
  nearTrack: string,
  up: TrackLinkUpParty,
  down: ReturnType<TrackView['downParty']>,
): string | undefined => {
  const end = `down-party ${up.to_down_party_name} of track ${up.to_down_track_name}`;
  if (!down) return `${end} does not exist; up-party ${up.name} of track ${nearTrack} names it`;
  if (down.type !== 'track_link') return `${end} is not a track link but ${down.type}`;
  if (down.to_up_track_name !== nearTrack) return `${end} names track ${down.to_up_track_name} instead of ${nearTrack}`;
  if (down.to_up_party_name !== up.name) return `${end} names up-party ${down.to_up_party_name} instead of ${up.name}`;
  return undefined;
};

/** The login request as the linked track sees it: its own up-parties, everything else as it was asked. */
const loginBeyond = (
  login: LoginRequest,
  up: TrackLinkUpParty,
  down: TrackLinkDownParty,
  far: TrackView,
): Outcome<LoginRequest, string> => {
  const usable = (name: string): boolean => {
    const party = far.upParty(name);
    return party !== undefined && canSignInUsers(party);
  };
  const selected: readonly string[] = up.selected_up_parties;
  const bound = resolveBinding(down.allow_up_parties, selected.includes(everyUpParty) ? undefined : selected, usable);
  if (!bound.ok)
    return fail(
      `none of the up-parties that ${up.name} selected is allowed by down-party ${down.name} of track ${far.track}`,
    );
  const sub = up.pipe_external_id && login.sub !== undefined ? unpiped(login.sub, up.name) : login.sub;
  return ok({ ...login, up_parties: bound.value.upParties, ...(sub !== undefined && { sub }) });
};

const unpiped = (sub: string, upParty: string): string =>
  sub.startsWith(`${upParty}|`) ? sub.slice(upParty.length + 1) : sub;

const misfit = (detail: string): Outcome<never, LoginFailed> =>
  fail({ ok: false, error: 'server_error', error_description: `the track link does not fit: ${detail}`, detail });
