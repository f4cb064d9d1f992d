import { hash } from 'node:crypto';
import type { ItemStore } from '@corsac/data';
import type { AcceptedLogoutRequest } from '@corsac/saml';
import type { AddressedApplication } from '../addressed-application.js';

const keyOf = ({ view, party }: AddressedApplication, { id }: AcceptedLogoutRequest): string =>
  `saml-logout-once/${view.tenant}/${view.track}/down/${party.name}/${hash('sha256', id, 'base64url')}`;

/** A request acts once, by whichever binding it comes: a copy of it cannot end what has begun since. @returns whether it is the first */
export const takeLogoutOnce = (
  items: Pick<ItemStore, 'putIfAbsent'>,
  application: AddressedApplication,
  asked: AcceptedLogoutRequest,
  now: number,
): Promise<boolean> => items.putIfAbsent(keyOf(application, asked), {}, Math.max(1, asked.expires_at - now));

/** Nothing was done: the application shall be able to say it again. */
export const giveLogoutBack = async (
  items: Pick<ItemStore, 'remove'>,
  application: AddressedApplication,
  asked: AcceptedLogoutRequest,
): Promise<void> => {
  await items.remove(keyOf(application, asked));
};
