import { All, Controller, Inject, Req } from '@nestjs/common';
import { sendJson, formText, type HttpAnswer, type HttpRequest } from '@corsac/http';
import { AUTHORIZE, type Authorize } from './authorize.js';

/** `/{tenant}/{track}/{party}{binding}/oauth/authorize`, GET and POST (OIDC Core 3.1.2.1). */
@Controller()
export class AuthorizeEndpoint {
  constructor(@Inject(AUTHORIZE) private readonly authorize: Authorize) {}

  @All(':tenant/:track/:party/oauth/authorize')
  handle(@Req() request: HttpRequest): Promise<HttpAnswer> | HttpAnswer {
    if (request.method === 'GET') return this.authorize.handle(request, request.rawQuery);
    if (request.method !== 'POST')
      return sendJson({ error: 'invalid_request' }, { status: 405, headers: { allow: 'GET, POST' } });
    return this.authorize.handle(request, formText(request.content));
  }
}
