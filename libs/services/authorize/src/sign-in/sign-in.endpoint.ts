import { All, Controller, Inject, Req } from '@nestjs/common';
import { BodyLimit, sendText, type HttpAnswer, type HttpRequest } from '@corsac/http';
import { SIGN_IN_PAGES, type SignInPages } from './sign-in-pages.js';

/** No form of these pages is longer; bytes. */
const longestForm = 64 * 1024;

/** `/{tenant}/{track}/({up})/login/{sequence}`: the pages of a journey. */
@Controller()
export class SignInEndpoint {
  constructor(@Inject(SIGN_IN_PAGES) private readonly pages: SignInPages) {}

  @All(':tenant/:track/:party/login/:id')
  @BodyLimit(longestForm)
  handle(@Req() request: HttpRequest): Promise<HttpAnswer> | HttpAnswer {
    if (request.method === 'GET' || request.method === 'POST') return this.pages.handle(request);
    return sendText('This address takes GET and POST.\n', { status: 405, headers: { allow: 'GET, POST' } });
  }
}
