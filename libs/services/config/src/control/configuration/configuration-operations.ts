import type { Operation } from '../api/operation.js';
import type { EditorParts } from './edit-track.js';
import { partyOperations } from './party-operations.js';
import { secretOperations, type SecretParts } from './secrets.js';
import { tenantOperations } from './tenants.js';
import { trackOperations } from './tracks.js';

export type ConfigurationParts = SecretParts & Pick<EditorParts, 'secrets'>;

/** Operations on what is configured: tenants, tracks, parties, secrets. */
export const configurationOperations = (parts: ConfigurationParts): Operation[] => [
  ...tenantOperations(parts),
  ...trackOperations(parts.editor),
  ...partyOperations(parts.editor),
  ...secretOperations(parts),
];
