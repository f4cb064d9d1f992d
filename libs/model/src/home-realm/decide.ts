import { ExpressionRun } from '../claims/expression.js';
import { isInRange } from './ip-range.js';
import type { HomeRealmSettings } from './settings.js';

/** An up-party as home realm discovery sees it. */
export type HomeRealmCandidate = Partial<HomeRealmSettings> & {
  readonly name: string;
  readonly display_name?: string | undefined;
};

/** What is known of who wants to sign in. */
export interface HomeRealmInput {
  /** Up-parties that the request may use, in their order. */
  readonly candidates: readonly HomeRealmCandidate[];
  /** The client's address as the listener proved it. */
  readonly address?: string | undefined;
  /** `login_hint` or what was typed. */
  readonly identifier?: string | undefined;
  /** Up-parties chosen earlier in this browser, the latest first. */
  readonly remembered?: readonly string[] | undefined;
}

/** A button that leads to an up-party. */
export interface HomeRealmButton {
  readonly name: string;
  readonly label: string;
  readonly logo_url?: string;
}

/** Why an up-party was chosen without asking. */
export type HomeRealmReason = 'only_one' | 'ip_range' | 'domain' | 'regular_expression' | 'remembered' | 'every_domain';

/** The up-party that is meant, or the buttons to ask with and whether a typed identifier can decide. */
export type HomeRealmDecision =
  | { readonly chosen: string; readonly reason: HomeRealmReason }
  | { readonly buttons: readonly HomeRealmButton[]; readonly asks_identifier: boolean };

/** Longest identifier that is looked at, in characters (RFC 5321 4.5.3.1). */
const maxIdentifier = 320;

type Rule = (candidate: HomeRealmCandidate, input: HomeRealmInput, run: ExpressionRun) => boolean;

/** The part after the last @, in lower case: domains have no case (RFC 1035 2.3.3). */
const domainOf = (identifier: string | undefined): string | undefined => {
  const at = identifier?.lastIndexOf('@') ?? -1;
  return at > 0 ? identifier!.slice(at + 1).toLowerCase() : undefined;
};

const inRange: Rule = ({ hrd_ip_ranges = [] }, { address }) =>
  address !== undefined && hrd_ip_ranges.some((range) => isInRange(address, range));

const ofDomain: Rule = ({ hrd_domains = [] }, { identifier }) => {
  const domain = domainOf(identifier);
  return domain !== undefined && domain !== '*' && hrd_domains.includes(domain);
};

const matching: Rule = ({ hrd_regular_expressions = [] }, { identifier }, run) =>
  identifier !== undefined &&
  hrd_regular_expressions.some((expression) => run.matches(expression, identifier) === true);

const everyDomain: Rule = ({ hrd_domains = [] }, { identifier }) =>
  domainOf(identifier) !== undefined && hrd_domains.includes('*');

const rules: readonly { readonly reason: HomeRealmReason; readonly rule: Rule }[] = [
  { reason: 'ip_range', rule: inRange },
  { reason: 'domain', rule: ofDomain },
  { reason: 'regular_expression', rule: matching },
];

const find = (input: HomeRealmInput, rule: Rule, run: ExpressionRun): string | undefined =>
  input.candidates.find((candidate) => rule(candidate, input, run))?.name;

const remembered = ({ candidates, remembered: names = [] }: HomeRealmInput): string | undefined =>
  names.find((name) => candidates.some((candidate) => candidate.name === name));

const hasRules = ({
  hrd_domains = [],
  hrd_ip_ranges = [],
  hrd_regular_expressions = [],
}: HomeRealmCandidate): boolean => hrd_domains.length + hrd_ip_ranges.length + hrd_regular_expressions.length > 0;

const buttonOf = (candidate: HomeRealmCandidate): HomeRealmButton => ({
  name: candidate.name,
  label: candidate.hrd_display_name ?? candidate.display_name ?? candidate.name,
  ...(candidate.hrd_logo_url !== undefined && { logo_url: candidate.hrd_logo_url }),
});

/** A rule stands for a button, unless one is wanted nevertheless; but nobody is left with an empty page. */
const buttonsOf = (candidates: readonly HomeRealmCandidate[]): HomeRealmButton[] => {
  const shown = candidates.filter((candidate) => !hasRules(candidate) || candidate.hrd_always_show_button === true);
  return (shown.length > 0 ? shown : candidates).map(buttonOf);
};

const chosenByRule = (input: HomeRealmInput, run: ExpressionRun): HomeRealmDecision | undefined => {
  for (const { reason, rule } of rules) {
    const chosen = find(input, rule, run);
    if (chosen !== undefined) return { chosen, reason };
  }
  return undefined;
};

/**
 * Decides by which up-party somebody signs in, spec 4 and reference 3.7: IP range, email domain, regular expression, remembered choice,
 * domain `*`, then buttons. One possible up-party needs no question.
 * @param run what expressions may cost in all; beyond it none matches
 * @returns a name, or what the page shows
 */
export const decideHomeRealm = (input: HomeRealmInput, run = new ExpressionRun()): HomeRealmDecision => {
  const { candidates } = input;
  if (candidates.length === 1) return { chosen: candidates[0]!.name, reason: 'only_one' };
  const bounded = { ...input, identifier: input.identifier?.slice(0, maxIdentifier) };
  const byRule = chosenByRule(bounded, run);
  if (byRule) return byRule;
  const earlier = remembered(bounded);
  if (earlier !== undefined) return { chosen: earlier, reason: 'remembered' };
  const rest = find(bounded, everyDomain, run);
  if (rest !== undefined) return { chosen: rest, reason: 'every_domain' };
  const asks_identifier = candidates.some(
    ({ hrd_domains = [], hrd_regular_expressions = [] }) => hrd_domains.length + hrd_regular_expressions.length > 0,
  );
  return { buttons: buttonsOf(candidates), asks_identifier };
};

/** Most choices that a browser remembers, reference 6.2. */
export const maxRemembered = 5;

/** The remembered choices after one more, the latest first. */
export const remember = (names: readonly string[], chosen: string): string[] =>
  [chosen, ...names.filter((name) => name !== chosen)].slice(0, maxRemembered);
