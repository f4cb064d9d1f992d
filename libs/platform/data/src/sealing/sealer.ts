import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { MasterKey, MasterKeys } from './master-keys.js';

/**
 * What a sealed thing is and whose. It is authenticated with the text, so that an envelope copied to another tenant, track or
 * column does not open. `purpose` is a constant of the code (`signing-key`), the others are empty where a thing belongs to no track.
 */
export interface SealContext {
  purpose: string;
  tenant: string;
  track: string;
}

/** Not an envelope; sealed by a key that is no longer listed; changed, or sealed for another context. */
export type UnsealRefusal = 'malformed' | 'unknown_key' | 'forged';

const VERSION = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Seals secrets that must be read again: AES-256-GCM under a master key, as `v1.<key id>.<base64url of iv, text and tag>`. */
export class Sealer {
  constructor(private readonly keys: MasterKeys) {}

  /** Seals a text (UTF-8) or bytes under the current key. The 96-bit nonce is random (NIST SP 800-38D 8.2.2). */
  seal(plain: string | Uint8Array, context: SealContext): string {
    return sealWith(this.keys.current, plain, { context, iv: randomBytes(IV_BYTES) });
  }

  /** Opens an envelope that was sealed for this very context under any of the listed keys. */
  unseal(envelope: string, context: SealContext): Outcome<Buffer, UnsealRefusal> {
    const [version, id, body, ...rest] = envelope.split('.');
    if (version !== VERSION || !id || !body || rest.length > 0) return fail('malformed');
    const bytes = Buffer.from(body, 'base64url');
    if (bytes.length < IV_BYTES + TAG_BYTES || bytes.toString('base64url') !== body) return fail('malformed');
    const key = this.keys.all.find((candidate) => candidate.id === id);
    return key ? open(key, bytes, context) : fail('unknown_key');
  }

  /** Opens an envelope that holds UTF-8 text. */
  unsealText(envelope: string, context: SealContext): Outcome<string, UnsealRefusal> {
    const opened = this.unseal(envelope, context);
    return opened.ok ? ok(opened.value.toString('utf8')) : opened;
  }

  /** Whether an envelope was sealed by an older key and should be sealed anew, so that the old key can be dropped. */
  isOutdated(envelope: string): boolean {
    return !envelope.startsWith(`${VERSION}.${this.keys.current.id}.`);
  }
}

/** The pure part of sealing: same key, text, context and nonce give the same envelope. A nonce must never be used twice. */
export function sealWith(
  key: MasterKey,
  plain: string | Uint8Array,
  { context, iv }: { context: SealContext; iv: Uint8Array },
): string {
  const cipher = createCipheriv('aes-256-gcm', key.sealingKey(context.purpose), iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(key.id, context));
  const text = Buffer.concat([cipher.update(plain as string, 'utf8'), cipher.final()]);
  return `${VERSION}.${key.id}.${Buffer.concat([iv, text, cipher.getAuthTag()]).toString('base64url')}`;
}

function open(key: MasterKey, bytes: Buffer, context: SealContext): Outcome<Buffer, UnsealRefusal> {
  const iv = bytes.subarray(0, IV_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key.sealingKey(context.purpose), iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData(key.id, context));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
  try {
    return ok(Buffer.concat([text, decipher.final()]));
  } catch {
    return fail('forged');
  }
}

/** JSON separates the parts without doubt: ("a", "bc") and ("ab", "c") differ. */
function associatedData(id: string, { purpose, tenant, track }: SealContext): Buffer {
  return Buffer.from(JSON.stringify([VERSION, id, purpose, tenant, track]), 'utf8');
}
