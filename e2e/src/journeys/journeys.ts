import { untilUsersAreThere } from '../world/until-there.js';
import type { World } from '../world/world.js';
import { interconnectJourneys } from './interconnect.js';
import { logoutJourneys } from './logout.js';
import { restartJourneys } from './restart.js';
import { samlJourneys } from './saml.js';
import { shopOf, signInJourneys } from './sign-in.js';
import { trackLinkJourneys } from './track-link.js';

/** One set of journeys, whatever the installation is made of. */
export const journeys = (begin: () => Promise<World>): void => {
  let world: World;
  beforeAll(async () => {
    world = await begin();
    await untilUsersAreThere(world, await shopOf(world));
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
