import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import { BodyLimit, type HttpAnswer, type HttpRequest } from '@corsac/http';
import { SIGN_IN_PAGES, type SignInPages } from './sign-in-pages.js';

/** No form of these pages is longer; bytes. */
const longestForm = 64 * 1024;

/** `/{tenant}/{track}/({up})/login/{sequence}`: the pages of a journey. */
@Controller()
export class SignInEndpoint {
  constructor(@Inject(SIGN_IN_PAGES) private readonly pages: SignInPages) {}

  @Get(':tenant/:track/:party/login/:id')
  show(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.pages.handle(request);
  }

  @Post(':tenant/:track/:party/login/:id')
  @BodyLimit(longestForm)
  take(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.pages.handle(request);
  }
}
