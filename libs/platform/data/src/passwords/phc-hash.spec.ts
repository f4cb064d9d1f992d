import { pbkdf2Sync, scryptSync } from 'node:crypto';
import { PasswordHasher } from './password-hasher.js';
import { isPhcHash, phcVerify } from './phc-hash.js';

const hasher = new PasswordHasher({ cost: { memory_kib: 64, passes: 1, lanes: 1 } });
const salt = Buffer.from('a salt of sixteen');
const b64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');
const pbkdf2Of = (password: string, digest = 'sha512', length = 32): string =>
  `$pbkdf2-${digest}$i=1000$${b64(salt)}$${b64(pbkdf2Sync(password, salt, 1000, length, digest))}`;
const scryptOf = (password: string): string =>
  `$scrypt$ln=10,r=8,p=1$${b64(salt)}$${b64(scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 }))}`;
const anyHash = 'A'.repeat(43);

describe('imported password hashes, PHC strings of PBKDF2 (RFC 8018) and scrypt (RFC 7914)', () => {
  it.each([
    ['PBKDF2 with SHA-1', pbkdf2Of('Secret-1', 'sha1', 20)],
    ['PBKDF2 with SHA-256', pbkdf2Of('Secret-1', 'sha256')],
    ['PBKDF2 with SHA-512', pbkdf2Of('Secret-1')],
    ['PBKDF2 with its length', pbkdf2Of('Secret-1').replace('i=1000', 'i=1000,l=32')],
    ["PBKDF2 in passlib's writing", pbkdf2Of('Secret-1').replace('i=', '').replaceAll('+', '.')],
    ['PBKDF2 with padding', `${pbkdf2Of('Secret-1')}=`],
    ['scrypt', scryptOf('Secret-1')],
  ])('match their own password and ask to be replaced: %s', async (_name, stored) => {
    expect(await hasher.verify(stored, 'Secret-1')).toEqual({ ok: true, value: { matches: true, rehash: true } });
    expect(await hasher.verify(stored, 'secret-1')).toEqual({ ok: true, value: { matches: false, rehash: false } });
  });

  it('compute the vector of RFC 7914 12', async () => {
    const hash = Buffer.from(
      'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
      'hex',
    );
    const stored = `$scrypt$ln=10,r=8,p=16$${b64(Buffer.from('NaCl'))}$${b64(hash)}`;
    expect(await phcVerify(stored, 'password')).toBe(true);
  });

  it.each([
    `$pbkdf2-sha512$i=2000001$${b64(salt)}$${anyHash}`,
    `$pbkdf2-sha384$i=1000$${b64(salt)}$${anyHash}`,
    `$pbkdf2-sha512$i=0$${b64(salt)}$${anyHash}`,
    `$pbkdf2-sha512$i=1000,l=64$${b64(salt)}$${anyHash}`,
    `$pbkdf2-sha512$i=1000$short$${anyHash}`,
    `$pbkdf2-sha512$i=1000$${b64(salt)}$AAAAAAAAAA`,
    `$scrypt$ln=19,r=8,p=1$${b64(salt)}$${anyHash}`,
    `$scrypt$ln=14,r=8,p=17$${b64(salt)}$${anyHash}`,
    `$scrypt$ln=18,r=8,p=16$${b64(salt)}$${anyHash}`,
    `$argon2i$v=19$m=64,t=1,p=1$${b64(salt)}$${anyHash}`,
    `$scrypt$ln=10,r=8$${b64(salt)}$${anyHash}`,
    '',
  ])('are not computed: %s', async (stored) => {
    expect(isPhcHash(stored)).toBe(false);
    expect(await phcVerify(stored, 'x')).toBe(false);
    expect(await hasher.verify(stored, 'x')).toEqual({ ok: true, value: { matches: false, rehash: false } });
  });
});
