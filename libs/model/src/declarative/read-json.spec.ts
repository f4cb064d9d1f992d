import { parseDeclarative } from '../index.js';
import { readJson } from './read-json.js';

describe('Declarative files that are JSON', () => {
  it.each([
    ['an object', '{"a":[1,{"b":"x:\\"y\\\\"}],"c:d":null,"e":{}}'],
    ['with space around it', ' \n {"a" : true}\n'],
    ['with a member of an odd name', '{"__proto__":{"a":1},"":{"\\"":":"}}'],
  ])('are read as such: %s', (_title, text) => {
    expect(readJson(text)).toEqual({ value: JSON.parse(text) as object });
  });

  it.each([
    ['YAML that begins alike', '{a: 1}'],
    ['two documents', '{"a":1}\n---\n{"b":2}'],
    ['a list', '[1]'],
    ['a text', '"{}"'],
    ['nothing', ''],
    ['a member that is there twice', '{"a":1,"a":2}'],
    ['one that is there twice below', '{"a":[{"b":1,"c":{"d":1,"d":1}}]}'],
    ['one whose name is written in two ways', '{"a":1,"\\u0061":2}'],
    ['what is nested deeper than can be walked', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('are not: %s', (_title, text) => {
    expect(readJson(text)).toBeUndefined();
  });

  const file = (text: string) => parseDeclarative([{ file: 'acme.json.yaml', text }]);
  const told = (text: string): string[] => {
    const outcome = file(text);
    return outcome.ok ? [] : outcome.error.map(({ line, column, field }) => `${line}:${column} ${field}`);
  };

  it('mean what the same YAML means', () => {
    const text = JSON.stringify({ tenant: 'acme', track: 'x', up_parties: [{ name: 'login', type: 'login' }] });
    const same = file('tenant: acme\ntrack: x\nup_parties: [{ name: login, type: login }]');
    expect(same.ok && same.value.tenants[0]?.tracks[0]?.up_parties).toHaveLength(1);
    expect(file(text)).toEqual(same);
  });

  it('tell problems at their line and column', () => {
    expect(
      told('{\n "tenant": "acme",\n "track": "x",\n "up_parties": [\n  {"name": "A", "type": "login"}\n ]\n}'),
    ).toEqual(['5:4 up_parties[0].name']);
    expect(told('{"tenant":"acme",\n"track":"x",\n"track":"y"}')[0]).toMatch(/^3:1 /);
  });
});
