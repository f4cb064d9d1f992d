import { Controller } from '@nestjs/common';
import { verifyIdTokenHint, type Answer } from '@corsac/contracts';
import { Answers } from '@corsac/service';
import type { z } from 'zod';
import { HintVerifier } from './verify-hint.js';

@Controller()
export class HintsSubjects {
  constructor(private readonly verifier: HintVerifier) {}

  @Answers(verifyIdTokenHint)
  async verify(
    request: z.infer<typeof verifyIdTokenHint.request>,
  ): Promise<Answer<z.infer<typeof verifyIdTokenHint.response>, 'invalid'>> {
    return this.verifier.answer(request);
  }
}
