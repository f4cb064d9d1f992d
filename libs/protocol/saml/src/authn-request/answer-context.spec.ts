import { authnContexts, mfaContexts } from '../names.js';
import { answerContext, canMeetByOwnUsers, meetsContext, needsSecondFactor } from './answer-context.js';
import type { RequestedAuthnContext } from './authn-request.js';

const { unspecified, password, passwordProtectedTransport: transport, x509 } = authnContexts;
const [own, refeds, microsoft] = mfaContexts;
const kerberos = 'urn:oasis:names:tc:SAML:2.0:ac:classes:Kerberos';

const asked = (comparison: RequestedAuthnContext['comparison'], ...class_refs: string[]): RequestedAuthnContext => ({
  comparison,
  class_refs,
});

describe('RequestedAuthnContext, SAML Core 3.3.2.2.1', () => {
  it.each([
    ['exact', [transport], transport, true],
    ['exact', [password, transport], transport, true],
    ['exact', [password], transport, false],
    ['exact', [transport], refeds, false],
    ['exact', [kerberos], kerberos, true],
    ['minimum', [password], transport, true],
    ['minimum', [transport], password, false],
    ['minimum', [transport], refeds, true],
    ['minimum', [kerberos], kerberos, true],
    ['minimum', [kerberos], refeds, false],
    ['minimum', [password], kerberos, false],
    ['maximum', [transport], password, true],
    ['maximum', [transport], transport, true],
    ['maximum', [transport], refeds, false],
    ['better', [transport], refeds, true],
    ['better', [transport], transport, false],
    ['better', [password, x509], transport, false],
    ['better', [kerberos], refeds, false],
    ['better', [password, kerberos], refeds, false],
  ] as const)('%s %j is met by %s: %s', (comparison, class_refs, given, expected) => {
    expect(meetsContext({ comparison, class_refs }, given)).toBe(expected);
  });

  it.each(['exact', 'minimum', 'maximum', 'better'] as const)(
    '%s is met by no answer and for no class',
    (comparison) => {
      expect(meetsContext(asked(comparison, transport), undefined)).toBe(false);
      expect(meetsContext(asked(comparison), transport)).toBe(false);
      expect(meetsContext(asked(comparison), undefined)).toBe(false);
    },
  );
});

describe('The class of an answer, SAML Core 3.4.1.4', () => {
  it.each([
    ['the one that was asked', asked('exact', refeds), ['pwd', 'mfa'], refeds],
    ['the first of those that were asked', asked('exact', kerberos, transport, password), ['pwd'], transport],
    ['of equally strong ones the one that was asked', asked('minimum', microsoft), ['pwd', 'mfa'], microsoft],
    ['the one that was asked though a stronger one is true', asked('minimum', password), ['pwd', 'mfa'], password],
    ['the strongest there is', asked('minimum', authnContexts.internetProtocol), ['pwd', 'mfa'], own],
    ['the strongest that is not too strong', asked('maximum', x509), ['pwd', 'mfa'], transport],
    ['a stronger one', asked('better', transport), ['pwd', 'mfa'], own],
    ['unspecified when nothing else is known', asked('exact', unspecified), [], unspecified],
    ['nothing when a factor is missing', asked('exact', refeds), ['pwd'], undefined],
    ['nothing when nothing is strong enough', asked('better', transport), ['pwd'], undefined],
    ['nothing when it is another method', asked('exact', kerberos), ['pwd', 'mfa'], undefined],
    ['nothing when a declaration was asked', asked('exact'), ['pwd', 'mfa'], undefined],
  ] as const)('is %s', (_what, requested, amr, expected) => {
    expect(answerContext(requested, { amr })).toBe(expected);
  });

  it('is what the provider above said, where that was asked', () => {
    expect(answerContext(asked('exact', kerberos), { amr: [], class_refs: [undefined, kerberos] })).toBe(kerberos);
    expect(answerContext(asked('exact', 'mfa'), { amr: [], class_refs: ['mfa'] })).toBeUndefined();
  });
});

describe('What our own users can sign in with', () => {
  it.each([
    ['REFEDS MFA', asked('exact', refeds), true, true],
    ['ours and Microsoft’s', asked('exact', own, microsoft), true, true],
    ['more than a password', asked('better', transport), true, true],
    ['a second factor or a password', asked('exact', refeds, transport), true, false],
    ['a password', asked('exact', transport), true, false],
    ['at least a password', asked('minimum', password), true, false],
    ['Kerberos', asked('exact', kerberos), false, false],
    ['more than a second factor', asked('better', refeds), false, false],
    ['a declaration', asked('exact'), false, false],
  ])('%s: possible %s, only with a second factor %s', (_what, requested, possible, factor) => {
    expect([canMeetByOwnUsers(requested), needsSecondFactor(requested)]).toEqual([possible, factor]);
  });
});
