import type { Operation } from '../api/operation.js';
import type { EditorParts, TrackEditor } from './edit-track.js';
import { partyOperations } from './party-operations.js';
import { secretOperations, type SecretParts } from './secrets.js';
import { tenantOperations } from './tenants.js';
import { trackOperations } from './tracks.js';

/** Operations on what is configured: tenants, tracks, parties, secrets. */
export const configurationOperations = (parts: SecretParts & Pick<EditorParts, 'secrets'>): Operation[] => [
  ...tenantOperations(parts),
  ...trackOperations(parts.editor),
  ...partyOperations(parts.editor),
  ...secretOperations(parts),
];
