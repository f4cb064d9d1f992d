import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fingerprinter } from './fingerprinter.js';
import { loadMasterKeyFile } from './master-key-file.js';
import { parseMasterKeys } from './master-keys.js';
import { Sealer, sealWith } from './sealer.js';

const [first, second] = [7, 8].map((byte) => Buffer.alloc(32, byte).toString('base64url')) as [string, string];
const context = { purpose: 'signing-key', tenant: 'acme', track: 'prod' };

describe('master keys', () => {
  it('seal with the first and open with all', () => {
    const keys = parseMasterKeys(`# comment, with a comma\n${first}\n${second}`);
    expect(keys.all).toHaveLength(2);
    expect(keys.current.id).toBe(parseMasterKeys(first).current.id);
  });

  it('may be separated by commas, as a setting is', () => {
    expect(parseMasterKeys(`${first}, ${second}`).all).toHaveLength(2);
  });

  it('have an id that tells nothing of the key', () => {
    const { id } = parseMasterKeys(first).current;
    expect(id).toMatch(/^[\w-]{8}$/);
    expect(first).not.toContain(id);
  });

  it.each(['', '  \n# only a comment', first.slice(1), `${first}AA`, `${first.slice(0, 42)}!`, `${first},${first}`])(
    'are refused and not repeated in the error: %j',
    (text) => {
      let message = '';
      try {
        parseMasterKeys(text);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toContain('master key');
      expect(message).not.toContain(first.slice(1, 20));
    },
  );
});

describe('sealing', () => {
  const sealer = new Sealer(parseMasterKeys(first));

  it.each(['', 'secret', 'é漢🦌', 'x'.repeat(100_000)])('opens what it sealed (%#)', (text) => {
    expect(sealer.unsealText(sealer.seal(text, context), context)).toEqual({ ok: true, value: text });
  });

  it('opens bytes as they were', () => {
    const bytes = Buffer.from([0, 255, 128, 10]);
    expect(sealer.unseal(sealer.seal(bytes, context), context)).toEqual({ ok: true, value: bytes });
  });

  it('gives another envelope every time', () => {
    expect(sealer.seal('same', context)).not.toBe(sealer.seal('same', context));
  });

  it('is a function of key, text, context and nonce', () => {
    const key = parseMasterKeys(first).current;
    const sealed = sealWith(key, 'text', { context, iv: Buffer.alloc(12, 1) });
    expect(sealed).toBe(sealWith(key, 'text', { context, iv: Buffer.alloc(12, 1) }));
    expect(sealed).not.toContain(Buffer.from('text').toString('base64url'));
  });

  it.each([
    { ...context, purpose: 'totp-seed' },
    { ...context, tenant: 'other' },
    { ...context, track: 'test' },
    { ...context, tenant: 'acm', track: 'eprod' },
    { ...context, tenant: 'acme","prod', track: '' },
  ])('does not open for another context: $purpose $tenant $track', (other) => {
    expect(sealer.unseal(sealer.seal('secret', context), other)).toEqual({ ok: false, error: 'forged' });
  });

  it('does not open when any one byte was changed', () => {
    const [version, id, body] = sealer.seal('secret', context).split('.') as [string, string, string];
    const bytes = Buffer.from(body, 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      const opened = sealer.unseal(`${version}.${id}.${changed.toString('base64url')}`, context);
      expect(opened).toEqual({ ok: false, error: 'forged' });
    }
  });

  it('does not open when it was cut', () => {
    const envelope = sealer.seal('secret', context);
    const answers = Array.from({ length: envelope.length }, (_, length) =>
      sealer.unseal(envelope.slice(0, length), context),
    );
    expect(answers.some(({ ok }) => ok)).toBe(false);
  });

  it.each(['', 'v1', 'v1.a', 'v1..x', 'v2.aaaaaaaa.AAAA', 'v1.aaaaaaaa.AAAA', 'v1.a.b.c', `v1.a.${'!'.repeat(60)}`])(
    'calls %j malformed',
    (envelope) => {
      expect(sealer.unseal(envelope, context)).toEqual({ ok: false, error: 'malformed' });
    },
  );

  it('opens under an old key, says so, and refuses once the key is dropped', () => {
    const old = sealer.seal('secret', context);
    const rotated = new Sealer(parseMasterKeys(`${second} ${first}`));
    expect(rotated.unsealText(old, context)).toEqual({ ok: true, value: 'secret' });
    expect([rotated.isOutdated(old), rotated.isOutdated(rotated.seal('x', context))]).toEqual([true, false]);
    expect(new Sealer(parseMasterKeys(second)).unseal(old, context)).toEqual({ ok: false, error: 'unknown_key' });
  });
});

describe('fingerprints', () => {
  const codes = new Fingerprinter(parseMasterKeys(first), 'code');

  it('are the same for the same secret and differ by secret, purpose and key', () => {
    const others = [
      codes.of('other'),
      new Fingerprinter(parseMasterKeys(first), 'refresh-token').of('secret'),
      new Fingerprinter(parseMasterKeys(second), 'code').of('secret'),
    ];
    expect(codes.of('secret')).toBe(codes.of('secret'));
    expect(codes.of('secret')).toMatch(/^[\w-]{43}$/);
    expect(others).not.toContain(codes.of('secret'));
  });

  it('are found again after a key rotation', () => {
    const rotated = new Fingerprinter(parseMasterKeys(`${second} ${first}`), 'code');
    expect(rotated.candidates('secret')).toEqual([rotated.of('secret'), codes.of('secret')]);
    expect(rotated.matches('secret', codes.of('secret'))).toBe(true);
  });

  it('match nothing else', () => {
    expect([codes.matches('secret', codes.of('Secret')), codes.matches('secret', ''), codes.matches('', 'x')]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('master key file', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'corsac-key-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is made once, for its owner only, and kept', () => {
    const file = join(folder, 'deep', 'master.key');
    const made = loadMasterKeyFile(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(loadMasterKeyFile(file).current.id).toBe(made.current.id);
  });

  it('is refused when others can read it, with the mend', () => {
    const file = join(folder, 'master.key');
    loadMasterKeyFile(file);
    chmodSync(file, 0o640);
    expect(() => loadMasterKeyFile(file)).toThrow(`chmod 600 ${file}`);
  });

  it('is refused when it holds no key, and is not overwritten', () => {
    const file = join(folder, 'master.key');
    writeFileSync(file, 'not a key', { mode: 0o600 });
    expect(() => loadMasterKeyFile(file)).toThrow(/master.key cannot be used: master key 1 is not 32 bytes/);
    expect(readFileSync(file, 'utf8')).toBe('not a key');
  });
});
