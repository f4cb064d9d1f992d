import { All, Controller, Inject, Req } from '@nestjs/common';
import { formText, sendJson, type HttpAnswer, type HttpRequest } from '@corsac/http';
import { END_SESSION, type EndSessionRequests } from './end-session.js';

/** `/{tenant}/{track}/{party}{binding}/oauth/endsession`, GET and POST (RP-Initiated Logout 1.0 2). */
@Controller()
export class EndSessionEndpoint {
  constructor(@Inject(END_SESSION) private readonly requests: EndSessionRequests) {}

  @All(':tenant/:track/:party/oauth/endsession')
  handle(@Req() request: HttpRequest): Promise<HttpAnswer> | HttpAnswer {
    if (request.method === 'GET') return this.requests.handle(request, request.rawQuery);
    if (request.method !== 'POST')
      return sendJson({ error: 'invalid_request' }, { status: 405, headers: { allow: 'GET, POST' } });
    return this.requests.handle(request, formText(request.content));
  }
}
