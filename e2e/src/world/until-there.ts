import { Browser } from '../browser/browser.js';
import type { RelyingParty } from '../party/relying-party.js';
import type { World } from './world.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A key set that still lacks keys may not be kept. */
const isWhole = ({ status, headers }: Response): boolean =>
  status === 200 && headers.get('cache-control') !== 'no-cache';

/** Waits until tracks, as `tenant/track`, have all their keys: they are made after the configuration was read. */
export const untilTracksAreThere = async ({ base }: World, tracks: readonly string[]): Promise<void> => {
  for (const track of tracks) {
    const keys = `${base}/${track}/.well-known/openid-configuration/keys`;
    for (let tries = 0; !isWhole(await fetch(keys)); tries += 1) {
      if (tries === 300) throw new Error(`${track} has no keys after half a minute`);
      await pause(100);
    }
  }
};

/** Users are handed from the configuration to the service that owns them, which may take a moment after the start. */
export const untilUsersAreThere = async ({ base }: World, application: RelyingParty): Promise<void> => {
  for (let tries = 0; ; tries += 1) {
    try {
      await application.signIn(new Browser(base));
      return;
    } catch (error) {
      if (tries === 40) throw error;
      await pause(1500);
    }
  }
};
