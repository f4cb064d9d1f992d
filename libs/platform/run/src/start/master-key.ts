import { opensWhatIsStored, SealAnew, Sealer, type SealedAnew } from '@corsac/data';
import type { Service } from '@corsac/service';
import type { Logger } from '@corsac/telemetry';
import type { World } from '../wiring/wiring.js';
import { StartProblem } from './start-problem.js';

/**
 * Ends a start with master keys that are not those of what is stored: everything would seem well until secrets of clients are
 * refused as wrong and keys do not open. @throws StartProblem
 */
export const checkMasterKeys = async (services: readonly Service[], world: World): Promise<void> => {
  const sealer = new Sealer(world.masterKeys);
  for (const { name, sealed } of services) {
    if (!sealed || (await opensWhatIsStored(world.databaseOf(name), sealer, sealed))) continue;
    throw new StartProblem(
      `CORSAC_MASTER_KEY (unset: the file master.key in CORSAC_DATA) opens nothing of what the ${name} service has stored`,
      'give the key that sealed it, alone or after the new one, separated by a comma',
    );
  }
};

const tell = (logger: Logger, { renewed, closed }: SealedAnew): void => {
  if (renewed > 0) logger.info({ renewed }, 'sealed anew under the first master key');
  if (closed > 0) logger.warn({ closed }, 'sealed under a master key that is not listed, left as it is');
  else logger.info({}, 'nothing is sealed under an older master key any more');
};

/** Seals anew, service by service, what is sealed under an older key. Nothing to do where only one key is listed. */
export const sealAnew = (services: readonly Service[], world: World, logger: Logger): readonly SealAnew[] => {
  if (world.masterKeys.all.length < 2) return [];
  const sealer = new Sealer(world.masterKeys);
  return services.flatMap(({ name, sealed }) => {
    if (!sealed) return [];
    const own = logger.child({ service: name });
    const work = new SealAnew({
      database: world.databaseOf(name),
      sealer,
      columns: sealed,
      done: (result) => tell(own, result),
      failed: (error) => own.warn({ error }, 'sealing anew was interrupted and goes on later'),
    });
    work.start();
    return [work];
  });
};
