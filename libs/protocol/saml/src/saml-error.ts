import type { Failure } from '@corsac/outcome';
import { fail } from '@corsac/outcome';
import type { SamlStatus } from './status.js';

/** Why a message is refused: the machine's word for it, one for each thing that an administrator would do about it. */
export type SamlReason =
  | 'binding_invalid'
  | 'xml_invalid'
  | 'schema_invalid'
  | 'wrong_message'
  | 'duplicate_id'
  | 'signature_missing'
  | 'signature_misplaced'
  | 'signature_profile'
  | 'algorithm_refused'
  | 'signature_invalid'
  | 'key_missing'
  | 'encryption_refused'
  | 'decryption_failed'
  | 'assertion_missing'
  | 'issuer_mismatch'
  | 'status_not_success'
  | 'destination_mismatch'
  | 'recipient_mismatch'
  | 'confirmation_missing'
  | 'audience_mismatch'
  | 'in_response_to_mismatch'
  | 'expired'
  | 'not_yet_valid'
  | 'subject_missing'
  | 'unsupported'
  | 'acs_url_unknown'
  | 'metadata_unusable'
  | 'certificate_invalid';

/** A refusal. `message` is for the log and the administrator, never for the user or the peer. */
export interface SamlError {
  readonly reason: SamlReason;
  /** The step of the table that refused. */
  readonly step: string;
  readonly message: string;
  /** What the peer answered, when that is the reason. */
  readonly status?: SamlStatus;
}

/** Makes a refusal. */
export function refuse(step: string, reason: SamlReason, message: string): Failure<SamlError> {
  return fail({ reason, step, message });
}

/** A value out of a message as it may stand in a log line: short and without line breaks. */
export function shown(value: string | undefined): string {
  if (value === undefined) return 'none';
  const plain = value.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
  return plain.length > 200 ? `"${plain.slice(0, 200)}..."` : `"${plain}"`;
}
