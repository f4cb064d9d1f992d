import { formatPartyPath, parsePartyPath, resolveBinding, type BindingStyle } from '../index.js';

const read = (segment: string) => {
  const outcome = parsePartyPath(segment);
  return outcome.ok
    ? { party: outcome.value.party, up: outcome.value.upParties, style: outcome.value.style }
    : outcome.error;
};

describe('Party binding, reference 1.2', () => {
  it.each([
    ['client', 'client', undefined, 'brackets'],
    ['-', '-', undefined, 'brackets'],
    ['client(login)', 'client', ['login'], 'brackets'],
    ['client(a,b)', 'client', ['a', 'b'], 'brackets'],
    ['client(b,a)', 'client', ['b', 'a'], 'brackets'],
    ['client(a,b,c,d)', 'client', ['a', 'b', 'c', 'd'], 'brackets'],
    ['client(*)', 'client', ['*'], 'brackets'],
    ['client~a,b~', 'client', ['a', 'b'], 'tildes'],
    ['client~*~', 'client', ['*'], 'tildes'],
    ['client.login.', 'client', ['login'], 'dots'],
    ['client.*.', 'client', ['*'], 'dots'],
    ['-(-)', '-', ['-'], 'brackets'],
    ['(login)', undefined, ['login'], 'brackets'],
    ['~login~', undefined, ['login'], 'tildes'],
    ['.login.', undefined, ['login'], 'dots'],
  ])('reads %s', (segment, party, up, style) => {
    expect(read(segment)).toEqual({ party, up, style });
  });

  it.each([
    'client()',
    'client(a,*)',
    'client(*,*)',
    'client( login)',
    'client(login )',
    'client(login)x',
    'a b',
    '(up+p)',
    'client(login',
    'client;login;',
    '*login*',
    'client(login.',
    'client(a,b,c,d,e)',
    'client(a,a)',
    'client(,a)',
    'client(a,)',
    'client((a))',
    'client(a)(b)',
    'client~a~b~',
    'client~',
    'client.',
    '~~',
    '..',
    '.',
    '',
    '()',
    '(*)',
    '(a,b)',
    'Client',
    'client(Login)',
    'client(login)\n',
    'client%28login%29',
    'client(login)/x',
    `${'a'.repeat(51)}`,
    `client(${'a'.repeat(51)})`,
    'client~a,b.',
    'client(a~b)',
  ])('refuses %j', (segment) => {
    expect(read(segment)).toBe('malformed');
  });

  const names = ['client', '-', '_', '0', 'a-b_c', 'x'.repeat(50)];
  const bindings = [undefined, ['*'], ['login'], ['a', 'b'], ['-', '_', '0', 'z'.repeat(50)]];
  const every = names.flatMap((party) =>
    bindings.flatMap((upParties) =>
      (['brackets', 'tildes', 'dots'] as BindingStyle[]).map((style) => ({ party, upParties, style })),
    ),
  );

  it.each(every)('reads back what it writes: %j', ({ party, upParties, style }) => {
    const written = formatPartyPath({ party, upParties, style });
    expect(parsePartyPath(written)).toEqual({
      ok: true,
      value: upParties ? { party, upParties, style } : { party, style: 'brackets' },
    });
  });

  it('writes an up-party alone, in another style when asked', () => {
    expect(formatPartyPath({ upParties: ['azure'], style: 'brackets' })).toBe('(azure)');
    expect(formatPartyPath({ upParties: ['azure'], style: 'brackets' }, 'dots')).toBe('.azure.');
  });
});

describe('Up-parties that a request may use, reference 1.2', () => {
  const allowed = ['login', 'azure', 'partner'];

  it.each([
    ['all of them without a binding', undefined, ['login', 'azure', 'partner'], []],
    ['all of them with *', ['*'], ['login', 'azure', 'partner'], []],
    ['the one that is named', ['azure'], ['azure'], []],
    ['the named ones in the order asked', ['partner', 'login'], ['partner', 'login'], []],
    ['the rest when one is unknown', ['nobody', 'azure'], ['azure'], ['nobody']],
  ])('are %s', (_title, binding, upParties, skipped) => {
    expect(resolveBinding(allowed, binding)).toEqual({ ok: true, value: { upParties, skipped } });
  });

  it.each([
    ['only names that are not allowed are asked', allowed, ['nobody', 'other']],
    ['the down-party allows none', [], undefined],
    ['the down-party allows none and * is asked', [], ['*']],
  ])('are an error when %s', (_title, list, binding) => {
    expect(resolveBinding(list, binding)).toEqual({ ok: false, error: 'no_up_party' });
  });

  it('leave out those that cannot sign in users', () => {
    const usable = (name: string) => name !== 'azure';
    expect(resolveBinding(allowed, undefined, usable)).toMatchObject({ value: { upParties: ['login', 'partner'] } });
    expect(resolveBinding(allowed, ['azure'], usable)).toMatchObject({ ok: false });
  });
});
