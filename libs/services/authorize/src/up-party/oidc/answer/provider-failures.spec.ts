import { failedAt, failedByMiss, failedByResponse, failedDirectly } from './provider-failures.js';

const party = { name: 'op' };
const said = (error: string, error_description?: string) =>
  failedByResponse(party, {
    code: 'provider_error',
    message: '',
    error,
    ...(error_description && { error_description }),
  });

describe('what goes wrong at a provider, in words for the application', () => {
  it.each([
    'access_denied',
    'login_required',
    'interaction_required',
    'consent_required',
    'account_selection_required',
    'unmet_authentication_requirements',
    'temporarily_unavailable',
    'server_error',
  ])('%s is passed on', (error) => {
    expect(said(error, 'because')).toMatchObject({ ok: false, error, error_description: 'op|because' });
    expect(said(error).error_description).toBe(`op|${error}`);
  });

  it.each(['invalid_request', 'invalid_scope', 'unauthorized_client', 'unsupported_response_type', 'something_else'])(
    '%s is about our own request, which the application did not make',
    (error) => {
      expect(said(error, 'because')).toMatchObject({
        error: 'server_error',
        error_description: `op|${error}: because`,
      });
      expect(said(error).error_description).toBe(`op|${error}`);
    },
  );

  it('has only the characters of RFC 6749 4.1.2.1, and is bounded', () => {
    expect(said('access_denied', 'line\r\nLocation: x "quoted" \\ æøå').error_description).toBe(
      'op|line??Location: x ?quoted? ? ???',
    );
    expect(said('access_denied', 'x'.repeat(5_000)).error_description).toHaveLength(503);
  });

  it('keeps what was wrong with an answer for the log', () => {
    const failed = failedByResponse(party, {
      code: 'issuer_mismatch',
      message: 'iss is not the issuer that was asked',
    });
    expect(failed).toMatchObject({ error: 'server_error', detail: 'op: iss is not the issuer that was asked' });
    expect(failed.error_description).not.toContain('iss is not');
  });

  it('tells a provider that is away from one that is of no use', () => {
    expect(failedByMiss(party, { kind: 'away', detail: '10.0.0.1' })).toMatchObject({
      error: 'temporarily_unavailable',
    });
    expect(failedByMiss(party, { kind: 'unusable', detail: '10.0.0.1' })).toMatchObject({ error: 'server_error' });
    expect(failedByMiss(party, { kind: 'away', detail: '10.0.0.1' }).error_description).not.toContain('10.0.0.1');
  });

  it('keeps what was said between us and the provider for the log', () => {
    const failed = failedDirectly(party, {
      code: 'provider_error',
      message: 'refused',
      error: 'invalid_client',
      error_description: 'no',
    });
    expect(failed).toMatchObject({ error: 'server_error', detail: 'op: refused: invalid_client: no' });
    expect(failed.error_description).not.toContain('invalid_client');
    expect(failedAt(party, 'server_error', 'text')).not.toHaveProperty('detail');
  });
});
