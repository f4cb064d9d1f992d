import type { OwnWorld } from '../world/world.js';
import { byTrustJourneys } from './suites/by-trust.js';
import { ExchangeSetUp, type ExchangePlace } from './place.js';
import { sameTrackJourneys } from './suites/same-track.js';
import { samlTokenJourneys } from './suites/saml.js';
import { strangeTokenJourneys } from './suites/strange-tokens.js';

/** Token exchange, RFC 8693: what its three pages promise, and everything that must not be had by it. */
export const exchangeJourneys = (of: () => OwnWorld, setUp: ExchangeSetUp): void => {
  describe('token exchange', () => {
    let place: ExchangePlace;
    beforeAll(async () => {
      place = await setUp.place(of());
    }, 90_000);

    sameTrackJourneys(() => place);
    byTrustJourneys(() => place);
    samlTokenJourneys(() => place);
    strangeTokenJourneys(() => place);
  });
};

export { ExchangeSetUp };
