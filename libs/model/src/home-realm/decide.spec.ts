import { expressionBudget, ExpressionRun } from '../claims/expression.js';
import { decideHomeRealm, remember, type HomeRealmCandidate } from '../index.js';

const login: HomeRealmCandidate = { name: 'login' };
const azure: HomeRealmCandidate = {
  name: 'azure',
  hrd_domains: ['example.com', 'example.org'],
  hrd_display_name: 'Work',
};
const office: HomeRealmCandidate = { name: 'office', hrd_ip_ranges: ['192.0.2.0/24', '2001:db8::/32'] };
const partner: HomeRealmCandidate = {
  name: 'partner',
  hrd_regular_expressions: ['^p-[0-9]+@'],
  hrd_logo_url: 'https://p.example/l.png',
};
const rest: HomeRealmCandidate = { name: 'rest', hrd_domains: ['*'] };
const all = [login, azure, office, partner, rest];

describe('Home realm discovery, spec 4', () => {
  it.each([
    ['the only one there is', { candidates: [azure] }, 'azure', 'only_one'],
    [
      'by the IP range',
      { candidates: all, address: '192.0.2.77', identifier: 'ada@example.com' },
      'office',
      'ip_range',
    ],
    ['by the IP range of version 6', { candidates: all, address: '2001:db8::1' }, 'office', 'ip_range'],
    [
      'by the email domain',
      { candidates: all, identifier: 'Ada@EXAMPLE.com', remembered: ['login'] },
      'azure',
      'domain',
    ],
    ['by the last @ of what was typed', { candidates: all, identifier: 'x@evil.test@example.org' }, 'azure', 'domain'],
    [
      'by a regular expression',
      { candidates: all, identifier: 'P-12@nowhere.test', remembered: ['login'] },
      'partner',
      'regular_expression',
    ],
    [
      'by what was remembered',
      { candidates: all, identifier: 'x@nowhere.test', remembered: ['gone', 'login'] },
      'login',
      'remembered',
    ],
    ['by the domain *', { candidates: all, identifier: 'x@nowhere.test' }, 'rest', 'every_domain'],
  ])('chooses %s', (_title, input, chosen, reason) => {
    expect(decideHomeRealm(input)).toEqual({ chosen, reason });
  });

  it.each([
    ['a subdomain', 'ada@sub.example.com'],
    ['a domain that only ends so', 'ada@notexample.com'],
    ['a name without @', 'example.com'],
    ['nothing before the @', '@example.com'],
    ['a literal *', 'ada@*'],
  ])('does not take %s for a domain that was configured', (_title, identifier) => {
    expect(decideHomeRealm({ candidates: [login, azure], identifier })).toHaveProperty('buttons');
  });

  it('shows buttons when nothing decides, but none for those that rules find', () => {
    expect(decideHomeRealm({ candidates: [login, azure, office, partner] })).toEqual({
      buttons: [{ name: 'login', label: 'login' }],
      asks_identifier: true,
    });
  });

  it('shows a button of one that rules find when that is wanted', () => {
    const shown = { ...azure, hrd_always_show_button: true };
    expect(decideHomeRealm({ candidates: [login, shown, office] })).toMatchObject({
      buttons: [{ name: 'login' }, { name: 'azure', label: 'Work' }],
    });
  });

  it('shows all buttons rather than none', () => {
    expect(decideHomeRealm({ candidates: [office, partner] })).toEqual({
      buttons: [
        { name: 'office', label: 'office' },
        { name: 'partner', label: 'partner', logo_url: 'https://p.example/l.png' },
      ],
      asks_identifier: true,
    });
  });

  it('asks for no identifier when none could decide', () => {
    expect(decideHomeRealm({ candidates: [login, { name: 'b', display_name: 'B' }, office] })).toMatchObject({
      asks_identifier: false,
      buttons: [{ name: 'login' }, { name: 'b', label: 'B' }],
    });
  });

  it('chooses nobody when the request may use nobody', () => {
    expect(decideHomeRealm({ candidates: [] })).toEqual({ buttons: [], asks_identifier: false });
  });

  it.each([
    ['(a|aa)+(x?){60}$', `${'a'.repeat(100_000)}!`],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(100_000)],
    ['(a*)*b', 'a'.repeat(320)],
    ['(.*a){20}', 'a'.repeat(320)],
  ])('is not held up by the hostile expression %s: its steps are bounded', (expression, identifier) => {
    const many = Array.from({ length: 200 }, (_v, index) => ({
      name: `p${index}`,
      hrd_regular_expressions: Array<string>(10).fill(expression),
    }));
    const run = new ExpressionRun();
    decideHomeRealm({ candidates: many, identifier }, run);
    expect(run.spent).toBeGreaterThan(0);
    expect(run.spent).toBeLessThanOrEqual(expressionBudget);
  });

  it('matches nothing any more when expressions have cost what they may, and asks instead', () => {
    const costly = { name: 'costly', hrd_regular_expressions: [`(a?){100}b`] };
    const wanted = { name: 'wanted', hrd_regular_expressions: ['^a'] };
    const identifier = 'a'.repeat(320);
    const candidates = [costly, wanted];
    expect(decideHomeRealm({ candidates, identifier })).toMatchObject({ chosen: 'wanted' });
    expect(decideHomeRealm({ candidates, identifier }, new ExpressionRun(1000))).toHaveProperty('buttons');
  });

  it('looks at no more than 320 characters of an identifier', () => {
    const one = { name: 'one', hrd_regular_expressions: ['a$'] };
    const [short, long] = [new ExpressionRun(), new ExpressionRun()];
    decideHomeRealm({ candidates: [one, login], identifier: 'a'.repeat(320) }, short);
    decideHomeRealm({ candidates: [one, login], identifier: 'a'.repeat(1_000_000) }, long);
    expect(long.spent).toBe(short.spent);
  });
});

describe('Remembered choices', () => {
  it('have the latest first, each once, and no more than five', () => {
    expect(remember(['b', 'a'], 'a')).toEqual(['a', 'b']);
    expect(remember(['1', '2', '3', '4', '5'], '6')).toEqual(['6', '1', '2', '3', '4']);
  });
});
