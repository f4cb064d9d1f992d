import { Browser } from '../browser/browser.js';
import type { World } from '../world/world.js';
import { interconnectJourneys } from './interconnect.js';
import { logoutJourneys } from './logout.js';
import { restartJourneys } from './restart.js';
import { samlJourneys } from './saml.js';
import { shopOf, signInJourneys } from './sign-in.js';
import { trackLinkJourneys } from './track-link.js';

/** Users are handed from the configuration to the service that owns them, which may take a moment after the start. */
const untilUsersAreThere = async (world: World): Promise<void> => {
  const shop = await shopOf(world);
  for (let tries = 0; ; tries += 1) {
    try {
      await shop.signIn(new Browser(world.base));
      return;
    } catch (error) {
      if (tries === 40) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }
};

/** One set of journeys, whatever the installation is made of. */
export const journeys = (begin: () => Promise<World>): void => {
  let world: World;
  beforeAll(async () => {
    world = await begin();
    await untilUsersAreThere(world);
  }, 180_000);
  afterAll(async () => world?.stop(), 30_000);

  const of = (): World => world;
  signInJourneys(of);
  trackLinkJourneys(of);
  interconnectJourneys(of);
  samlJourneys(of);
  logoutJourneys(of);
  restartJourneys(of);
};
