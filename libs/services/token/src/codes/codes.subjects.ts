import { Controller } from '@nestjs/common';
import { issueCode, type Answer } from '@corsac/contracts';
import { Answers } from '@corsac/service';
import type { z } from 'zod';
import { CodeIssuer } from './issue-code.js';

type Response = z.infer<typeof issueCode.response>;

@Controller()
export class CodesSubjects {
  constructor(private readonly issuer: CodeIssuer) {}

  @Answers(issueCode)
  async issue(
    request: z.infer<typeof issueCode.request>,
  ): Promise<Answer<Response, 'unknown_client' | 'key_not_ready'>> {
    return this.issuer.answer(request);
  }
}
