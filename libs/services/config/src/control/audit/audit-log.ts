import type { FieldChange } from '@corsac/model';

/** A change that somebody begins. */
export interface AuditBegin {
  readonly tenant: string;
  readonly track: string;
  /** Name of the operation: `putUpParty`. */
  readonly operation: string;
  readonly actor: { readonly sub: string; readonly client_id: string; readonly name?: string };
  /** Path that was called. */
  readonly path: string;
  readonly request_id: string;
}

export interface AuditedChange {
  readonly target: string;
  readonly kind: 'created' | 'updated' | 'deleted';
  /** Secrets are `***`. */
  readonly fields: readonly FieldChange[];
}

/** `begun` stays only when a process died before it knew how it ended. */
export type AuditOutcome = 'begun' | 'done' | 'refused' | 'failed';

export interface AuditEntry extends AuditBegin {
  readonly id: string;
  readonly at_ms: number;
  readonly outcome: AuditOutcome;
  /** Status and title of a refusal. */
  readonly detail?: string;
  readonly changes: readonly AuditedChange[];
}

export interface AuditQuery {
  readonly tenant: string;
  readonly track?: string;
  readonly sub?: string;
  /** Entries before this one (newest first). */
  readonly before?: string;
  readonly limit: number;
}

/** Who changed what. An entry is there before anything is changed, so that no change goes without one. */
export interface AuditLog {
  /** @returns the entry's id */
  begin(entry: AuditBegin): Promise<string>;
  end(
    id: string,
    ended: {
      readonly outcome: Exclude<AuditOutcome, 'begun'>;
      readonly detail?: string;
      readonly changes: readonly AuditedChange[];
    },
  ): Promise<void>;
  list(query: AuditQuery): Promise<AuditEntry[]>;
}
