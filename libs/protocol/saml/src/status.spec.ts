import { statusCodes } from './names.js';
import { oauthErrorOfStatus, statusOfOAuthError } from './status.js';
import { readInstant, writeInstant } from './time.js';
import { shown } from './saml-error.js';

describe('Status to OAuth error', () => {
  it.each([
    [statusCodes.responder, statusCodes.authnFailed, 'login_required'],
    [statusCodes.responder, statusCodes.noAuthnContext, 'login_required'],
    [statusCodes.responder, statusCodes.noPassive, 'login_required'],
    [statusCodes.noPassive, undefined, 'login_required'],
    [statusCodes.requester, statusCodes.requestDenied, 'access_denied'],
    [statusCodes.responder, undefined, 'invalid_request'],
    [statusCodes.requester, statusCodes.invalidNameIdPolicy, 'invalid_request'],
    ['urn:unknown', 'urn:unknown', 'invalid_request'],
  ])('%s with %s is %s', (code, sub_code, error) => {
    expect(oauthErrorOfStatus({ code, sub_code }).error).toBe(error);
  });

  it('keeps what the peer said for the log', () => {
    const { error_description, detail } = oauthErrorOfStatus({ code: 'urn:a', sub_code: 'urn:b', message: 'why' });
    expect(detail).toBe('urn:a urn:b why');
    expect(error_description).not.toContain('why');
  });
});

describe('OAuth error to status', () => {
  it.each([
    ['login_required', {}, statusCodes.responder, statusCodes.noAuthnContext],
    ['login_required', { is_passive: true }, statusCodes.responder, statusCodes.noPassive],
    ['interaction_required', {}, statusCodes.responder, statusCodes.noPassive],
    ['consent_required', {}, statusCodes.responder, statusCodes.noPassive],
    ['access_denied', {}, statusCodes.responder, statusCodes.authnFailed],
    ['login_canceled', {}, statusCodes.responder, statusCodes.authnFailed],
    ['unmet_authentication_requirements', {}, statusCodes.responder, statusCodes.noAuthnContext],
    ['invalid_request', {}, statusCodes.requester, undefined],
    ['server_error', {}, statusCodes.responder, undefined],
    ['anything', undefined, statusCodes.responder, undefined],
  ])('%s with %j is %s, %s', (error, request, code, sub_code) => {
    expect(statusOfOAuthError(error, request)).toEqual({ code, sub_code });
  });
});

describe('Times, SAML Core 1.3.3', () => {
  it.each([
    ['2026-11-20T12:00:00Z', 1795176000],
    ['2026-11-20T12:00:00.999Z', 1795176000],
    ['2026-11-20T13:00:00+01:00', 1795176000],
    ['2026-11-20T12:00:00', undefined],
    ['2026-11-20', undefined],
    ['2026-99-20T12:00:00Z', undefined],
    ['1795176000', undefined],
    ['2026-11-20T12:00:00Z ', undefined],
    ['', undefined],
  ])('%s is %s', (text, seconds) => {
    expect(readInstant(text)).toBe(seconds);
  });

  it('are written in UTC, to the second', () => {
    expect(writeInstant(1795176000)).toBe('2026-11-20T12:00:00Z');
    expect(writeInstant(1795176000.7)).toBe('2026-11-20T12:00:00Z');
  });
});

describe('What a log line shows of a message', () => {
  it('is short, on one line, and says when there is nothing', () => {
    expect(shown('a\r\nb\u202ec')).toBe('"a??b?c"');
    expect(shown('x'.repeat(300))).toHaveLength(205);
    expect(shown(undefined)).toBe('none');
  });
});
