import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import { BodyLimit, type HttpAnswer, type HttpRequest } from '@corsac/http';
import type { DevicePages } from './device-pages.js';

export const DEVICE_PAGES = Symbol('device pages');

/** The form is a code and an anti-forgery value; bytes. */
const longestForm = 8 * 1024;

/** `/{tenant}/{track}/device`, the `verification_uri` of RFC 8628 3.2. */
@Controller()
export class DeviceEndpoint {
  constructor(@Inject(DEVICE_PAGES) private readonly pages: DevicePages) {}

  @Get(':tenant/:track/device')
  show(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.pages.handle(request);
  }

  @Post(':tenant/:track/device')
  @BodyLimit(longestForm)
  take(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.pages.handle(request);
  }
}
