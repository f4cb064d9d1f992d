import {
  asObject,
  bodySchema,
  controlOf,
  isSame,
  labelOf,
  titleOf,
  variantOf,
  withMember,
  type Described,
} from './schema.js';

const described: Described = {
  components: {
    schemas: {
      Party: {
        oneOf: [{ $ref: '#/components/schemas/Oidc' }, { type: 'object', properties: { type: { const: 'saml2' } } }],
      },
      Oidc: { type: 'object', properties: { type: { type: 'string', const: 'oidc' }, name: { type: 'string' } } },
      Names: { type: 'array', default: ['*'], items: { anyOf: [{ const: '*', type: 'string' }, { type: 'string' }] } },
    },
  },
  paths: {
    '/a': {
      post: { requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Oidc' } } } } },
    },
  },
};

describe('forms made of the API’s description', () => {
  it.each([
    [{ type: 'string' }, 'text'],
    [{ type: 'string', writeOnly: true }, 'secret'],
    [{ anyOf: [{ type: 'string', writeOnly: true }, { type: 'object' }, { type: 'null' }] }, 'secret'],
    [{ type: 'boolean' }, 'switch'],
    [{ type: 'integer', minimum: 1 }, 'number'],
    [{ enum: ['a', 'b'] }, 'choice'],
    [{ type: 'array', items: { enum: ['a', 'b'] } }, 'choices'],
    [{ type: 'array', items: { type: 'string' } }, 'texts'],
    [{ $ref: '#/components/schemas/Names' }, 'texts'],
    [{ type: 'array', items: { type: 'object', properties: { scope: { type: 'string' } } } }, 'objects'],
    [{ type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'object' }] } }, 'json'],
    [{ type: 'object', properties: { scopes: { type: 'array' } }, additionalProperties: false }, 'object'],
    [{ type: 'object', properties: { name: {} }, additionalProperties: { type: 'string' } }, 'json'],
    [{ type: 'object' }, 'json'],
    [{ const: 'oidc' }, 'fixed'],
    [{}, 'json'],
    [{ $ref: '#/components/schemas/NotThere' }, 'json'],
  ])('enter %j as %s', (schema, kind) => {
    expect(controlOf(described, schema).kind).toBe(kind);
  });

  it('know the limits of a number and the words of a choice', () => {
    expect(controlOf(described, { type: 'integer', minimum: 1, maximum: 5 })).toEqual({
      kind: 'number',
      minimum: 1,
      maximum: 5,
    });
    expect(controlOf(described, { enum: ['a', 7, 'b'] })).toEqual({ kind: 'choice', choices: ['a', 'b'] });
  });

  it('find the settings of one kind of party', () => {
    const party = { $ref: '#/components/schemas/Party' };
    expect(Object.keys(variantOf(described, party, 'oidc')?.properties ?? {})).toEqual(['type', 'name']);
    expect(variantOf(described, party, 'login')).toBeUndefined();
  });

  it('find what an operation takes', () => {
    expect(bodySchema(described, '/a', 'post')).toMatchObject({ type: 'object' });
    expect(bodySchema(described, '/a', 'put')).toBeUndefined();
    expect(bodySchema(described, '/b', 'post')).toBeUndefined();
  });

  it.each([
    ['redirect_uris', 'Redirect URIs'],
    ['client_id', 'Client ID'],
    ['require_pkce', 'Require PKCE'],
    ['display_name', 'Display name'],
    ['frontchannel_logout_uri', 'Front-channel logout URI'],
  ])('call %s "%s"', (name, label) => {
    expect(labelOf(name)).toBe(label);
  });
});

describe('values of forms', () => {
  it('lose a member that is taken away, and keep the others', () => {
    const value = { name: 'shop', note: 'x' };
    expect(withMember(value, 'note', undefined)).toEqual({ name: 'shop' });
    expect(withMember(value, 'note', '')).toEqual({ name: 'shop', note: '' });
    expect(value).toEqual({ name: 'shop', note: 'x' });
  });

  it('are the same whatever the order of their members', () => {
    expect(isSame({ a: 1, b: { c: [1, 2], d: null } }, { b: { d: null, c: [1, 2] }, a: 1 })).toBe(true);
    expect(isSame({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
    expect(isSame(undefined, {})).toBe(false);
  });

  it.each([[null], [[1]], ['x'], [undefined]])('are no object when they are %j', (value) => {
    expect(asObject(value)).toEqual({});
  });

  it('are known by their first text, or their place', () => {
    expect(titleOf({ in_id_token: true, claim: 'role' }, 0)).toBe('role');
    expect(titleOf({ claim: '' }, 2)).toBe('3');
  });
});
