import { Controller } from '@nestjs/common';
import {
  decryptSamlKey,
  signLogoutToken,
  signSaml,
  signSamlLogout,
  signUpstreamJwt,
  type Answer,
} from '@corsac/contracts';
import { Answers } from '@corsac/service';
import type { z } from 'zod';
import { SamlSigner } from './saml-signer.js';
import { ArtefactSigner } from './sign-artefacts.js';

@Controller()
export class SigningSubjects {
  constructor(
    private readonly signer: ArtefactSigner,
    private readonly samlSigner: SamlSigner,
  ) {}

  @Answers(signLogoutToken)
  async logoutToken(
    request: z.infer<typeof signLogoutToken.request>,
  ): Promise<Answer<z.infer<typeof signLogoutToken.response>, 'unknown_client' | 'key_not_ready'>> {
    return this.signer.logoutToken(request);
  }

  @Answers(signUpstreamJwt)
  async upstreamJwt(
    request: z.infer<typeof signUpstreamJwt.request>,
  ): Promise<Answer<z.infer<typeof signUpstreamJwt.response>, 'key_not_ready'>> {
    return this.signer.upstreamJwt(request);
  }

  @Answers(signSaml)
  async saml(
    request: z.infer<typeof signSaml.request>,
  ): Promise<Answer<z.infer<typeof signSaml.response>, 'key_not_ready'>> {
    return this.samlSigner.bytes(request);
  }

  @Answers(signSamlLogout)
  async samlLogout(
    request: z.infer<typeof signSamlLogout.request>,
  ): Promise<Answer<z.infer<typeof signSamlLogout.response>, 'key_not_ready'>> {
    return this.samlSigner.logout(request);
  }

  @Answers(decryptSamlKey)
  async samlKey(
    request: z.infer<typeof decryptSamlKey.request>,
  ): Promise<Answer<z.infer<typeof decryptSamlKey.response>, 'cannot_decrypt' | 'unsupported_algorithm'>> {
    return this.signer.samlKey(request);
  }
}
