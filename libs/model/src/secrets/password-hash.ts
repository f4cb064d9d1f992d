/** What an argon2id hash costs (RFC 9106): memory in KiB, passes over it, lanes. */
export interface Argon2Cost {
  readonly memory_kib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** A hash of a password or secret that can be checked, taken apart. The text itself is what argon2id is checked by. */
export type PasswordHash =
  | { readonly kind: 'argon2id'; readonly cost: Argon2Cost }
  | {
      readonly kind: 'pbkdf2';
      readonly digest: string;
      readonly iterations: number;
      readonly salt: Buffer;
      readonly hash: Buffer;
    }
  | {
      readonly kind: 'scrypt';
      readonly N: number;
      readonly r: number;
      readonly p: number;
      readonly salt: Buffer;
      readonly hash: Buffer;
    };

/** The most that a hash may demand, so that a planted one cannot take the machine: some seconds and 256 MiB. */
const most = {
  argon2: { memory_kib: 262_144, passes: 16, lanes: 8 },
  iterations: 2_000_000,
  scryptBytes: 256 * 1024 * 1024,
  scryptWork: 2 ** 24,
  scryptLanes: 16,
};
const hashBytes = { least: 16, most: 512 };

const argon2Text =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$[A-Za-z0-9+/]{11,88}\$[A-Za-z0-9+/]{22,88}$/;
// Base64 as PHC strings have it, or with padding, or in passlib's writing with `.` in the place of `+`.
const saltAndHash = String.raw`\$([A-Za-z0-9+/.]{6,700})={0,2}\$([A-Za-z0-9+/.]{22,700})={0,2}$`;
const pbkdf2Text = new RegExp(
  String.raw`^\$pbkdf2-sha(1|256|512)\$(?:i=)?([1-9]\d{0,8})(?:,l=([1-9]\d{0,3}))?${saltAndHash}`,
);
const scryptText = new RegExp(String.raw`^\$scrypt\$ln=([1-9]\d?),r=([1-9]\d{0,3}),p=([1-9]\d{0,3})${saltAndHash}`);

const bytesOf = (text = ''): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64');
const isHash = ({ length }: Buffer): boolean => length >= hashBytes.least && length <= hashBytes.most;

const readArgon2 = (text: string): PasswordHash | undefined => {
  const [, memory_kib, passes, lanes] = (argon2Text.exec(text) ?? []).map(Number);
  if (!memory_kib || !passes || !lanes) return undefined;
  const { argon2 } = most;
  const within = memory_kib <= argon2.memory_kib && passes <= argon2.passes && lanes <= argon2.lanes;
  return within ? { kind: 'argon2id', cost: { memory_kib, passes, lanes } } : undefined;
};

/** RFC 8018 5.2; passlib leaves the name `i=` out. */
const readPbkdf2 = (text: string): PasswordHash | undefined => {
  const [, digest, rounds, length, salt, hash] = pbkdf2Text.exec(text) ?? [];
  const iterations = Number(rounds);
  if (!digest || iterations > most.iterations) return undefined;
  const key = bytesOf(hash);
  if (!isHash(key) || (length !== undefined && Number(length) !== key.length)) return undefined;
  return { kind: 'pbkdf2', digest: `sha${digest}`, iterations, salt: bytesOf(salt), hash: key };
};

/** RFC 7914; `ln` is the binary logarithm of N. */
const readScrypt = (text: string): PasswordHash | undefined => {
  const [, ln, blocks, lanes, salt, hash] = scryptText.exec(text) ?? [];
  if (!ln) return undefined;
  const [N, r, p] = [2 ** Number(ln), Number(blocks), Number(lanes)];
  const within = 128 * N * r <= most.scryptBytes && N * r * p <= most.scryptWork && p <= most.scryptLanes;
  const key = bytesOf(hash);
  return within && isHash(key) ? { kind: 'scrypt', N, r, p, salt: bytesOf(salt), hash: key } : undefined;
};

/**
 * Reads a PHC string of argon2id, PBKDF2 (SHA-1, SHA-256, SHA-512) or scrypt.
 * @returns undefined for any other text, and for a hash that costs more than may be asked of a sign-in
 */
export const readPasswordHash = (text: string): PasswordHash | undefined =>
  readArgon2(text) ?? readPbkdf2(text) ?? readScrypt(text);
