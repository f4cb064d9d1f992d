import { exchangeJourneys, ExchangeSetUp } from '../exchange/exchange.js';
import { gadgetsFile, peopleJourneys } from '../people/people.js';
import { untilUsersAreThere } from '../world/until-there.js';
import type { OwnWorld, World } from '../world/world.js';
import { externalUsersFiles, externalUsersJourneys } from './external-users.js';
import { interconnectJourneys } from './interconnect.js';
import { logoutJourneys } from './logout.js';
import { logoutReceiptJourneys, threeApplications } from './logout-receipts.js';
import { restartJourneys } from './restart.js';
import { samlJourneys } from './saml.js';
import { unaskedJourneys, UnaskedSetUp } from './saml-unasked.js';
import { shopOf, signInJourneys } from './sign-in.js';
import { trackLinkJourneys } from './track-link.js';

/**
 * One set of journeys, whatever the installation is made of.
 * @param more journeys of those installations that can have them, before any of their processes is killed
 */
export const journeys = <W extends World>(
  begin: () => Promise<W>,
  more: (of: () => W) => void = () => undefined,
): void => {
  let world: W;
  beforeAll(async () => {
    world = await begin();
    await untilUsersAreThere(world, await shopOf(world));
  }, 180_000);
  afterAll(async () => world?.stop(), 30_000);

  const of = (): W => world;
  signInJourneys(of);
  trackLinkJourneys(of);
  interconnectJourneys(of);
  samlJourneys(of);
  logoutJourneys(of);
  more(of);
  restartJourneys(of);
};

/**
 * All journeys of an installation that is made for them, those with more configuration than the demo's among them.
 * @param begin starts it with what is further configured
 */
export const allJourneys = (begin: (further: string) => Promise<OwnWorld>): void => {
  const exchange = new ExchangeSetUp();
  const three = threeApplications();
  const unasked = new UnaskedSetUp();
  // They begin with the installation, whose configuration names them, also where their own journeys are filtered out.
  afterAll(() => Promise.all([three.close(), unasked.close()]));
  let others = '';
  journeys(
    async () => {
      await unasked.prepare();
      others = [await exchange.further(), await three.prepare(), gadgetsFile].join('\n---\n');
      return begin([others, unasked.file(), ...externalUsersFiles()].join('\n---\n'));
    },
    (of) => {
      exchangeJourneys(of, exchange);
      peopleJourneys(of);
      logoutReceiptJourneys(of, three);
      unaskedJourneys(of, unasked, () => [others, ...externalUsersFiles()]);
      externalUsersJourneys(of, () => [others]);
    },
  );
};
