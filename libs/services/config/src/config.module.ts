import { Module, type DynamicModule } from '@nestjs/common';
import { Fingerprinter, PasswordHasher } from '@corsac/data';
import { background, outboxPublisher, type ServiceParts } from '@corsac/service';
import { ConsoleEndpoint } from './control/console/console.endpoint.js';
import { ConsoleFiles } from './control/console/console-files.js';
import { applyAtStart } from './apply/apply-at-start.js';
import { BASE_URL, ConfigSubjects, TRACK_STORE } from './config.subjects.js';
import { ControlPages } from './control/api/control-pages.js';
import { ControlApi } from './control/api/serve.js';
import { ControlEndpoint } from './control/control.endpoint.js';
import { controlParts } from './control/control.parts.js';
import { OUTBOX_BUS, OutboxEndpoint } from './outbox/outbox.endpoint.js';
import { PrepareSecrets } from './secrets/prepare.js';
import { PostgresFingerprints } from './store/postgres-fingerprints.js';
import { PostgresHandoverStore } from './store/postgres-handover-store.js';
import { PostgresTrackStore } from './store/postgres-track-store.js';
import { HandOverUsers } from './users/hand-over.js';

/** Milliseconds between two looks for users that wait. */
const handoverBeatMs = 500;

@Module({})
class ConfigModule {}

/** Every part of the config service, top to bottom. */
export const configModule = (parts: ServiceParts): DynamicModule => {
  const { bus, database, logger, settings } = parts;
  const now = (): number => Math.floor(parts.clock.nowMs() / 1000);
  const store = new PostgresTrackStore(database, {
    onWait: (lock) => logger.info({ lock }, 'another replica is at it, this one waits'),
  });
  const hasher = new PasswordHasher({ bounds: { waiting: Infinity } });
  const fingerprinter = new Fingerprinter(parts.masterKeys, 'client-secret');
  const declaredEntries = new Fingerprinter(parts.masterKeys, 'declared-entry');
  const secrets = (): PrepareSecrets => new PrepareSecrets({ hasher, fingerprinter, sealer: parts.sealer, now });
  const handOver = new HandOverUsers({ store: new PostgresHandoverStore(database), bus, logger });

  let applied = settings.config_path === undefined;
  parts.readiness.waitFor('configuration', () => applied);
  const declared = {
    start: async (): Promise<void> => {
      if (settings.config_path === undefined) return;
      await applyAtStart(
        { store, secrets, bus, logger, declared: declaredEntries },
        settings.config_path,
        settings.environment,
      );
      applied = true;
      void handOver.nudge();
    },
    stop: (): void => undefined,
  };
  const control = controlParts(parts, {
    store,
    secrets,
    fingerprinter,
    declared: declaredEntries,
    onApplied: () => void handOver.nudge(),
  });
  const beat = { start: () => handOver.start(handoverBeatMs), stop: () => handOver.stop() };

  return {
    module: ConfigModule,
    controllers: [ConfigSubjects, ControlEndpoint, ConsoleEndpoint, ...(settings.embedded ? [OutboxEndpoint] : [])],
    providers: [
      { provide: ConsoleFiles, useValue: new ConsoleFiles(settings.console_path) },
      { provide: TRACK_STORE, useValue: store },
      { provide: BASE_URL, useValue: settings.base_url },
      { provide: PostgresFingerprints, useValue: new PostgresFingerprints(database) },
      { provide: OUTBOX_BUS, useValue: bus },
      { provide: ControlApi, useValue: control.api },
      { provide: ControlPages, useValue: control.pages },
      background(outboxPublisher(parts), declared, beat, control.work),
    ],
  };
};
