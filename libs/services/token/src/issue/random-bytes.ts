import { randomFillSync } from 'node:crypto';

/** Drawing random bytes costs a trip to OpenSSL whatever their number, so some thousand are drawn at once. Each is used once. */
const pool = Buffer.allocUnsafe(8_192);
let used = pool.length;

/** Random bytes of cryptographic quality, few at a time. */
export const fewRandomBytes = (count: number): Buffer => {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = Buffer.from(pool.subarray(used, used + count));
  pool.fill(0, used, used + count);
  used += count;
  return bytes;
};
