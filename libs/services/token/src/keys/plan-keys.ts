import type { SigningAlg } from '@corsac/jwt';
import type { KeyRules, KeyState, TrackKey } from './track-key.js';

/** A step of a key from one state to the next. */
export interface KeyMove {
  readonly kid: string;
  readonly to: KeyState;
  readonly current_from?: number;
  readonly ends?: number;
}

/** A key that is not there yet, and the life it shall begin. */
export interface MissingKey {
  readonly alg: SigningAlg;
  readonly state: 'current' | 'next';
  readonly current_from: number;
}

/** What is due for the keys of a track. Nothing here is done yet. */
export interface KeyPlan {
  readonly moves: readonly KeyMove[];
  /** Keys that must be made; without them the moves must not be carried out either. */
  readonly missing: readonly MissingKey[];
  /** When to look again, unix seconds. */
  readonly due_at: number;
}

/** A rotation that somebody asked for: at once, or as soon as the next key has been published long enough. */
export interface RotationCommand {
  readonly alg?: SigningAlg;
  readonly at_once: boolean;
}

/**
 * What the schedule wants of a track's keys at a moment. Pure: every replica comes to the same plan from the same rows, and the
 * plan of rows to which it was applied is empty. A key is published at least `publish_before_use` before it signs, so that
 * whoever holds a cached key set has seen it, and stays published until the longest token it signed has ended.
 */
export const planKeys = (
  keys: readonly TrackKey[],
  rules: KeyRules,
  when: { readonly now: number; readonly command?: RotationCommand },
): KeyPlan => {
  const wanted = rules.signing_algs.map((alg) =>
    planAlg(
      keys.filter((key) => key.alg === alg),
      { alg, rules, ...when },
    ),
  );
  const dropped = keys
    .filter((key) => !rules.signing_algs.includes(key.alg))
    .flatMap((key) => putAway(key, rules, when.now));
  const plans = [...wanted, { moves: dropped, missing: [], due_at: Infinity }, planEnds(keys, when.now)];
  const dueAt = Math.min(...plans.map((plan) => plan.due_at), when.now + rules.rotation_interval);
  return {
    moves: plans.flatMap((plan) => plan.moves),
    missing: plans.flatMap((plan) => plan.missing),
    due_at: Math.max(dueAt, when.now + 1),
  };
};

interface AlgCase {
  readonly alg: SigningAlg;
  readonly rules: KeyRules;
  readonly now: number;
  readonly command?: RotationCommand;
}

const planAlg = (keys: readonly TrackKey[], { alg, rules, now, command }: AlgCase): KeyPlan => {
  const current = keys.find((key) => key.state === 'current');
  const next = keys.find((key) => key.state === 'next');
  const told = command && (command.alg === undefined || command.alg === alg) ? command : undefined;
  if (!current) return begin(next, { alg, rules, now });
  const switchAt = current.current_from + rules.rotation_interval;
  if (!next && told?.at_once) return replaceNow(current, { alg, rules, now });
  if (!next) return prepare(switchAt, { alg, rules, now, ...(told && { command: told }) });
  const from = told
    ? told.at_once
      ? now
      : Math.min(next.current_from, earliestUse(next.created, rules))
    : next.current_from;
  if (from <= now) {
    const moves = [step(next.kid, 'current', now), retiring(current.kid, rules, now)];
    return { moves, missing: [], due_at: now + rules.keep_after_use };
  }
  return { moves: from === next.current_from ? [] : [step(next.kid, 'next', from)], missing: [], due_at: from };
};

/** A track's first key signs at once: nobody holds an older key set. A prepared one is taken before another is made. */
const begin = (next: TrackKey | undefined, { alg, rules, now }: AlgCase): KeyPlan =>
  next
    ? { moves: [step(next.kid, 'current', now)], missing: [], due_at: now + rules.rotation_interval }
    : { moves: [], missing: [{ alg, state: 'current', current_from: now }], due_at: now + 1 };

/** Nobody has seen the new key yet: whoever checks tokens meets an unknown `kid` and reads the key set again. */
const replaceNow = (current: TrackKey, { alg, rules, now }: AlgCase): KeyPlan => ({
  moves: [retiring(current.kid, rules, now)],
  missing: [{ alg, state: 'current', current_from: now }],
  due_at: now + rules.keep_after_use,
});

const prepare = (switchAt: number, { alg, rules, now, command }: AlgCase): KeyPlan => {
  const publishAt = switchAt - rules.publish_before_use;
  if (!command && now < publishAt) return { moves: [], missing: [], due_at: publishAt };
  const from = command ? earliestUse(now, rules) : Math.max(switchAt, earliestUse(now, rules));
  return { moves: [], missing: [{ alg, state: 'next', current_from: from }], due_at: from };
};

const planEnds = (keys: readonly TrackKey[], now: number): KeyPlan => {
  const previous = keys.filter((key) => key.state === 'previous');
  const over = previous.filter((key) => (key.ends ?? 0) <= now);
  const ends = previous.filter((key) => !over.includes(key)).map((key) => key.ends ?? now);
  return {
    moves: over.map((key) => ({ kid: key.kid, to: 'retired' })),
    missing: [],
    due_at: Math.min(Infinity, ...ends),
  };
};

/** The track no longer wants the algorithm: what has signed stays published, what has not is not needed. */
const putAway = (key: TrackKey, rules: KeyRules, now: number): KeyMove[] => {
  if (key.state === 'current') return [retiring(key.kid, rules, now)];
  return key.state === 'next' ? [{ kid: key.kid, to: 'retired' }] : [];
};

const earliestUse = (published: number, rules: KeyRules): number => published + rules.publish_before_use;
const step = (kid: string, to: KeyState, current_from: number): KeyMove => ({ kid, to, current_from });
const retiring = (kid: string, rules: KeyRules, now: number): KeyMove => ({
  kid,
  to: 'previous',
  ends: now + rules.keep_after_use,
});
