import { untilTracksAreThere, untilUsersAreThere } from '../world/until-there.js';
import type { OwnWorld } from '../world/world.js';
import { vaultOf } from './gadgets.js';
import { deviceJourneys } from './suites/device.js';
import { secondFactorJourneys } from './suites/second-factor.js';

export { gadgetsFile } from './gadgets.js';

/** Waits until the tenant of `gadgetsFile` and its users are there. */
export const untilGadgetsAreThere = async (world: OwnWorld): Promise<void> => {
  await untilTracksAreThere(world, ['gadgets/-']);
  await untilUsersAreThere(world, await vaultOf(world));
};

/** What people do with codes: of a device, of an authenticator app, and to recover. */
export const peopleJourneys = (of: () => OwnWorld): void => {
  describe('people and codes', () => {
    beforeAll(() => untilGadgetsAreThere(of()), 90_000);
    deviceJourneys(of);
    secondFactorJourneys(of);
  });
};
