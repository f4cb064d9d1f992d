import { ApiProblem, asProblem, errorAt, fieldSentence, isWrongBelow, problemIn } from './problem.js';

const errors = [
  { field: 'redirect_uris[0]', message: 'is no address' },
  { field: 'scopes[1].scope', message: 'is taken', mend: 'Choose another.' },
  { field: 'name', message: 'is missing' },
  { field: 'name', message: 'is too short' },
];

describe('problems that the API tells, RFC 9457', () => {
  it('keep status, sentence and fields', () => {
    const body = { type: 'about:blank', title: 'No.', status: 422, detail: 'name: is missing', errors };
    expect(problemIn(422, body)).toMatchObject({ status: 422, title: 'No.', detail: 'name: is missing', errors });
  });

  it.each([[undefined], ['<html>'], [null], [{ errors: 'x' }], [{ title: 7, errors: [null, 'x'] }]])(
    'are told also where the answer is %j',
    (body) => {
      expect(problemIn(502, body)).toMatchObject({ title: 'The server answered with status 502.', errors: [] });
    },
  );

  it('are a network that is away where nothing was answered', () => {
    expect(asProblem(new TypeError('Failed to fetch'))).toMatchObject({ status: 0, detail: 'Failed to fetch' });
    const problem = new ApiProblem(403, 'No.');
    expect(asProblem(problem)).toBe(problem);
  });

  it('stand at exactly their field', () => {
    expect(errorAt(errors, 'redirect_uris[0]')).toBe('is no address');
    expect(errorAt(errors, 'redirect_uris')).toBeUndefined();
    expect(errorAt(errors, 'name')).toBe('is missing; is too short');
    expect(errorAt(errors, 'scopes[1].scope')).toBe('is taken. Choose another.');
    expect(fieldSentence(errors[0]!)).toBe('is no address');
  });

  it.each([
    ['redirect_uris', true],
    ['scopes', true],
    ['scopes[1]', true],
    ['scopes[10]', false],
    ['redirect', false],
    ['name', true],
  ])('are somewhere in %s: %s', (path, wrong) => {
    expect(isWrongBelow(errors, path)).toBe(wrong);
  });
});
