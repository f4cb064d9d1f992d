import { Controller } from '@nestjs/common';
import { takePushedRequest, type Answer } from '@corsac/contracts';
import { Answers } from '@corsac/service';
import type { z } from 'zod';
import { PushedRequests } from './push-request.js';

@Controller()
export class PushedRequestsSubjects {
  constructor(private readonly pushed: PushedRequests) {}

  @Answers(takePushedRequest)
  async take(
    request: z.infer<typeof takePushedRequest.request>,
  ): Promise<Answer<z.infer<typeof takePushedRequest.response>, 'unknown_or_used' | 'other_client'>> {
    return this.pushed.take(request);
  }
}
