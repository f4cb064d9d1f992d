import { randomUUID } from 'node:crypto';
import type { Fingerprinter } from '@corsac/data';
import { defaultTrackSettings, type Track } from '@corsac/model';
import { randomName } from '@corsac/random';
import type { BackgroundWork, ServiceParts } from '@corsac/service';
import type { PrepareSecrets } from '../secrets/prepare.js';
import { PostgresAuditLog } from '../store/audit-log/postgres-audit-log.js';
import type { TrackStore } from '../tracks/track-store.js';
import { VerifyAdministrator } from './access/verify-administrator.js';
import { ControlPages } from './api/control-pages.js';
import { ControlApi } from './api/serve.js';
import { ForgetOldEntries } from './audit/forget-old.js';
import { TrackEditor } from './configuration/edit-track.js';
import { controlOperations } from './control-operations.js';

/** Of the API, not of the product: what callers rely on stays as long as it stays the same. */
const apiVersion = '1';
/** Milliseconds between two looks for entries of the audit log that are old. */
const forgetEveryMs = 3_600_000;

/** What Control takes of the rest of the service. */
export interface ControlNeeds {
  readonly store: TrackStore;
  readonly secrets: () => PrepareSecrets;
  /** Of purpose `client-secret`. */
  readonly fingerprinter: Fingerprinter;
  /** Of purpose `declared-entry`. */
  readonly declared: Fingerprinter;
  /** Told when users may be on their way to the authorize service. */
  readonly onApplied: () => void;
}

export interface ControlParts {
  readonly api: ControlApi;
  readonly pages: ControlPages;
  readonly work: BackgroundWork;
}

/** Everything behind `/api`, top to bottom. */
export const controlParts = (parts: ServiceParts, needs: ControlNeeds): ControlParts => {
  const { store, secrets, fingerprinter, declared, onApplied } = needs;
  const { bus, database, logger, settings } = parts;
  const { base_url } = settings;
  const nowMs = (): number => parts.clock.nowMs();
  const audit = new PostgresAuditLog(database, nowMs);
  const readTrack = async (tenant: string, track: string): Promise<Track | undefined> =>
    (await store.read(tenant, track))?.track;
  const operations = controlOperations({
    store,
    bus,
    base_url,
    secrets,
    declared,
    onApplied,
    audit,
    readTrack,
    trackExists: async (tenant, track) => (await readTrack(tenant, track)) !== undefined,
    editor: new TrackEditor({ store, secrets, bus }),
    makeSecret: () => randomName(32),
    newId: randomUUID,
    isSecretOf: (text, fingerprint) => fingerprinter.matches(text, fingerprint),
  });
  const administrators = new VerifyAdministrator({ bus, base_url, nowMs, logger });
  return {
    api: new ControlApi({ operations, administrators, audit, logger }),
    pages: new ControlPages(operations, { base_url, version: apiVersion }),
    work: new ForgetOldEntries({
      entries: audit,
      default_retention_s: defaultTrackSettings.audit_retention,
      nowMs,
      logger,
      everyMs: forgetEveryMs,
    }),
  };
};
