import type { Operation } from '../api/operation.js';
import { TrackEditor, type EditorParts } from './edit-track.js';
import { partyOperations } from './party-operations.js';
import { secretOperations, type SecretParts } from './secrets.js';
import { tenantOperations } from './tenants.js';
import { trackOperations } from './tracks.js';

export type ConfigurationParts = EditorParts & Omit<SecretParts, 'editor'>;

/** Operations on what is configured: tenants, tracks, parties, secrets. */
export const configurationOperations = (parts: ConfigurationParts): Operation[] => {
  const editor = new TrackEditor(parts);
  return [
    ...tenantOperations({ editor, secrets: parts.secrets }),
    ...trackOperations(editor),
    ...partyOperations(editor),
    ...secretOperations({ ...parts, editor }),
  ];
};
