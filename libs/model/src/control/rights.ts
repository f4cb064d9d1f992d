import { masterName } from '../names/names.js';

/** What of an installation a right is about. */
export type RightArea = 'installation' | 'tenant' | 'track' | 'party' | 'user' | 'log' | 'audit';

/** What a right lets its holder do: GET, POST, PUT and DELETE. */
export type RightVerb = 'read' | 'create' | 'update' | 'delete';

export const rightVerbs = ['read', 'create', 'update', 'delete'] as const satisfies readonly RightVerb[];
/** Areas of a track to which a right can be limited. */
export const rightAreas = ['party', 'user', 'log', 'audit'] as const satisfies readonly RightArea[];

interface Right {
  readonly reach: 'installation' | 'tenant' | 'tracks' | 'track';
  /** The one track, with `reach` `track`. */
  readonly track?: string;
  /** Only this area; left out: all of them, and the track itself. */
  readonly area?: string;
  /** Only this verb; left out: all. */
  readonly verb?: string;
}

/** What the scopes of a token allow, or what the roles of an administrator do. */
export type Rights = readonly Right[];

/** What somebody wants to do. */
export interface WantedRight {
  /** Whether it is the tenant `master`, which administers the installation. */
  readonly tenant_is_master: boolean;
  readonly area: RightArea;
  readonly verb: RightVerb;
  /** Without meaning for the areas `installation` and `tenant`. */
  readonly track: string;
}

const grammar = new RegExp(
  '^corsac:(?:(master|tenant)|tenant:track(?:\\[([a-z0-9_-]{1,50})\\])?' +
    `(?::(${rightAreas.join('|')}))?)(?:\\.(${rightVerbs.join('|')}))?$`,
);
/** The longest right has a name of fifty characters in it; what is longer is not looked at. */
const longest = 100;

const readRight = (text: string): Right | undefined => {
  if (text.length > longest) return undefined;
  const found = grammar.exec(text);
  if (!found) return undefined;
  const [, whole, track, area, verb] = found;
  const limits = { ...(area !== undefined && { area }), ...(verb !== undefined && { verb }) };
  if (whole !== undefined) return { reach: whole === masterName ? 'installation' : 'tenant', ...limits };
  return track === undefined ? { reach: 'tracks', ...limits } : { reach: 'track', track, ...limits };
};

/** Reads rights as scopes and roles spell them (spec 6, Rights). What is unknown or malformed gives none; case matters. */
export const readRights = (texts: readonly string[]): Rights =>
  [...new Set(texts)].flatMap((text) => readRight(text) ?? []);

const hasVerb = (right: Right, verb: RightVerb): boolean => right.verb === undefined || right.verb === verb;

/** `corsac:tenant:track` is for configuration of applications: the track that administers the tenant must be named. */
const reaches = (right: Right, track: string): boolean => {
  if (right.reach === 'tenant') return true;
  if (right.reach === 'tracks') return track !== masterName;
  return right.reach === 'track' && right.track === track;
};

const isForTrack = (right: Right, { area, track }: WantedRight): boolean =>
  reaches(right, track) && (right.area === undefined || right.area === area);

/**
 * Tells whether one of the rights is enough. Nothing is allowed that no right names. A call needs this twice: of what the
 * token's scopes allow, and of what the administrator's roles do. The list of a tenant's tracks is not asked for by this
 * but by `mayReadTrack`, track by track.
 */
export const mayDo = (rights: Rights, wanted: WantedRight): boolean =>
  rights.some((right) => {
    if (!hasVerb(right, wanted.verb)) return false;
    if (wanted.area === 'installation') return wanted.tenant_is_master && right.reach === 'installation';
    return wanted.area === 'tenant' ? right.reach === 'tenant' : isForTrack(right, wanted);
  });

/** Tells whether the rights let somebody read anything at all in a track: then they may know that it is there. */
export const mayReadTrack = (rights: Rights, track: string): boolean =>
  rights.some((right) => hasVerb(right, 'read') && reaches(right, track));
