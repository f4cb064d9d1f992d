import { bundledLeakedPasswords, defaultTrackSettings, passwordFaults, type PasswordPolicy } from '../index.js';

const policy = defaultTrackSettings.passwords;
const ada = {
  identifiers: ['ada.lovelace@example.com', '+4530303030'],
  address: ['id.acmecorp.test', 'acme', '-'],
  leaked: bundledLeakedPasswords,
};

describe('Password policy, reference 3.6', () => {
  it.each(['Corsac-demo-1', 'correct Horse 7 battery', 'Blåbærgrød-9', 'xK9#mQ2$vL5!', 'A1!' + 'z9Y'.repeat(30)])(
    'takes %s',
    (password) => {
      expect(passwordFaults(password, policy, ada)).toEqual([]);
    },
  );

  it.each<[string, string, string[]]>([
    ['too short', 'aB3$xyz', ['too_short']],
    ['too long', 'aB3$'.repeat(33), ['too_long']],
    ['absurdly long', 'aB3$'.repeat(10_000), ['too_long']],
    ['of two kinds of characters', 'lowercase77', ['too_simple']],
    ['mostly one character', 'aaaaaaB1aa', ['one_character']],
    ['made of the email address', 'Lovelace-77', ['contains_identifier']],
    ['made of the email domain', 'My-eXample-77', ['contains_identifier']],
    ['made of the phone number', 'Xy4530303030', ['contains_identifier']],
    ['made of the address of the site', 'Acmecorp-77x', ['contains_address']],
    ['common with a tail', 'Password1!', ['leaked']],
    ['common in other letters', 'P@ssw0rd12', ['leaked']],
  ])('refuses one that is %s', (_title, password, faults) => {
    expect(passwordFaults(password, policy, ada)).toEqual(faults);
  });

  it('tells every fault at once', () => {
    expect(passwordFaults('123456', policy, ada)).toEqual(['too_short', 'too_simple', 'leaked']);
  });

  it('does not mind short parts of identifiers', () => {
    expect(passwordFaults('Ada-was-9-here', policy, { identifiers: ['ada@io.dk'] })).toEqual([]);
  });

  it('counts characters, not their bytes', () => {
    expect(passwordFaults('🦊Aa1🦊Bb2', { ...policy, min_length: 8, max_length: 20 }, {})).toEqual([]);
  });

  it('refuses characters that the track bans', () => {
    expect(passwordFaults('Corsac-demo-1', { ...policy, banned_characters: '-;' })).toEqual(['banned_character']);
  });

  it('looks for nothing that is switched off', () => {
    const lax: PasswordPolicy = { ...policy, min_length: 4, check_complexity: false, check_leaked: false };
    expect(passwordFaults('password', lax, ada)).toEqual([]);
    expect(passwordFaults('Password1!', policy)).toEqual([]);
  });
});

describe('Bundled list of leaked passwords', () => {
  it.each([
    'password',
    'PASSWORD',
    'passw0rd',
    'P@ssw0rd',
    'password123',
    'Summer2024',
    'Qwerty123!',
    'iloveyou',
    '123456789',
    '1q2w3e4r',
    'dragon1',
    'letmein!!',
    'abcabc',
    'testtest',
    'Welcome1',
    'admin',
  ])('has %s', (password) => {
    expect(bundledLeakedPasswords.has(password)).toBe(true);
  });

  it.each([
    'Corsac-demo-1',
    'correct horse battery staple',
    'xK9#mQ2$vL5!',
    '83920174655',
    '',
    'a'.repeat(100),
    'dragon-2839174',
  ])('does not have %j', (password) => {
    expect(bundledLeakedPasswords.has(password)).toBe(false);
  });
});
