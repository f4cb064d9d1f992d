import { Controller } from '@nestjs/common';
import { decideDeviceRequest, findDeviceRequest, type Answer } from '@corsac/contracts';
import { Answers } from '@corsac/service';
import type { z } from 'zod';
import { DeviceDecisions } from './decide-device.js';

@Controller()
export class DevicesSubjects {
  constructor(private readonly decisions: DeviceDecisions) {}

  @Answers(findDeviceRequest)
  async find(
    request: z.infer<typeof findDeviceRequest.request>,
  ): Promise<Answer<z.infer<typeof findDeviceRequest.response>, 'unknown_or_used'>> {
    return this.decisions.find(request);
  }

  @Answers(decideDeviceRequest)
  async decide(
    request: z.infer<typeof decideDeviceRequest.request>,
  ): Promise<Answer<z.infer<typeof decideDeviceRequest.response>, 'unknown_or_used'>> {
    return this.decisions.decide(request);
  }
}
