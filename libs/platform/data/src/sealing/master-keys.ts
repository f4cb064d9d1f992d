import { createHash, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** A master key with the keys that are derived from it. `id` names it in envelopes and tells nothing about it. */
export interface MasterKey {
  readonly id: string;
  /** The AES-256 key of one purpose. */
  sealingKey(purpose: string): KeyObject;
  /** The HMAC-SHA-256 key of one purpose. */
  fingerprintKey(purpose: string): KeyObject;
}

/** What seals now, and what once sealed and is still opened. */
export interface MasterKeys {
  readonly current: MasterKey;
  readonly all: readonly MasterKey[];
}

const KEY_BYTES = 32;

/**
 * Reads master keys as they stand in a setting or a key file: 32 bytes base64url each, separated by commas, white space or lines;
 * the first seals, the others only open (rotation: put the new one in front, seal anew, drop the old one). Lines beginning with # are skipped.
 * @throws Error that never contains a part of a key
 */
export function parseMasterKeys(text: string): MasterKeys {
  const words = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => line.split(/[\s,]+/))
    .filter((word) => word !== '');
  const all = words.map((word, at) => masterKey(decodeKey(word, at + 1)));
  const [current] = all;
  if (!current) throw new Error('no master key is given');
  if (new Set(all.map(({ id }) => id)).size !== all.length) throw new Error('a master key is given twice');
  return { current, all };
}

function decodeKey(word: string, position: number): Buffer {
  const bytes = Buffer.from(word, 'base64url');
  const canonical = bytes.toString('base64url') === word.replace(/=+$/, '');
  if (!canonical || bytes.length !== KEY_BYTES) {
    throw new Error(`master key ${position} is not ${KEY_BYTES} bytes in base64url (43 characters)`);
  }
  return bytes;
}

/** A key of its own per use and purpose (HKDF, RFC 5869), so that no key both encrypts and authenticates names. */
function masterKey(bytes: Buffer): MasterKey {
  const derived = new Map<string, KeyObject>();
  const derive = (use: string, purpose: string): KeyObject => {
    const info = `corsac ${use}\0${purpose}`;
    let key = derived.get(info);
    if (!key) derived.set(info, (key = createSecretKey(Buffer.from(hkdfSync('sha256', bytes, '', info, KEY_BYTES)))));
    return key;
  };
  return {
    id: createHash('sha256').update('corsac master key id\0').update(bytes).digest('base64url').slice(0, 8),
    sealingKey: (purpose) => derive('sealing', purpose),
    fingerprintKey: (purpose) => derive('fingerprint', purpose),
  };
}
