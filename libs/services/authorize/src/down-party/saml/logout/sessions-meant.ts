import { findSessions, type Bus, type MessageContext, type Session } from '@corsac/contracts';
import type { AcceptedLogoutRequest } from '@corsac/saml';
import type { Browser } from '../../../browser/browser.js';
import type { AddressedApplication } from '../addressed-application.js';

export interface LogoutAsked {
  readonly asked: AcceptedLogoutRequest;
  readonly browser: Browser;
  readonly context: MessageContext;
}

/**
 * The sessions that an application's LogoutRequest is about: those that reached it under the name that it gives, and that
 * it names by SessionIndex. A request that nobody signed counts only for sessions of the browser that brings it.
 */
export const sessionsMeant = async (
  bus: Bus,
  application: AddressedApplication,
  { asked, browser, context }: LogoutAsked,
): Promise<readonly Session[] | 'away'> => {
  const { tenant, track } = application.view;
  const find = async (
    by: { kind: 'sid'; sid: string } | { kind: 'browser'; browser_id: string } | { kind: 'sub'; sub: string },
  ): Promise<readonly Session[] | 'away'> => {
    const found = await bus.ask(findSessions, { tenant, track, by }, context);
    return found.ok ? found.value.sessions : 'away';
  };
  const own = browser.id === undefined ? [] : await find({ kind: 'browser', browser_id: browser.id });
  if (own === 'away') return 'away';
  const mine = own.filter((session) => isMeant(session, application, asked));
  if (mine.length > 0 || !asked.signed) return mine;
  // The browser sent no cookie, or the request is about another browser of the user.
  const { session_indexes, name_id } = asked;
  const ways =
    session_indexes.length > 0
      ? session_indexes.slice(0, mostIndexes).map((sid) => ({ kind: 'sid' as const, sid }))
      : [{ kind: 'sub' as const, sub: name_id.value }];
  const all = await Promise.all(ways.map(find));
  if (all.includes('away')) return 'away';
  return all.flatMap((found) => (found === 'away' ? [] : found.filter((one) => isMeant(one, application, asked))));
};

/** No application names more sessions of one user at once. */
const mostIndexes = 20;

const isMeant = (
  { sid, parties }: Session,
  { party }: AddressedApplication,
  { session_indexes, name_id }: AcceptedLogoutRequest,
): boolean => {
  const reached = parties.find((one) => one.type === 'saml2' && one.party === party.name);
  const isNamed = reached?.name_id?.value === name_id.value;
  return isNamed && (session_indexes.length === 0 || session_indexes.includes(sid));
};
