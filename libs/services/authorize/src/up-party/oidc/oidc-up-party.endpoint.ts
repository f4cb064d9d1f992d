import { All, Controller, Inject, Req } from '@nestjs/common';
import { BodyLimit, sendJson, type HttpAnswer, type HttpRequest } from '@corsac/http';
import type { AuthorizationResponses } from './answer/authorization-responses.js';
import type { BackChannelLogouts } from './logout/back-channel-logout.js';
import type { EndSessionResponses } from './logout/end-session-responses.js';
import type { FrontChannelLogouts } from './logout/front-channel-logout.js';

export const OIDC_UP_PARTY = Symbol('oidc up-party');

export interface OidcUpPartyWorks {
  readonly responses: AuthorizationResponses;
  readonly endSessionResponses: EndSessionResponses;
  readonly frontChannelLogouts: FrontChannelLogouts;
  readonly backChannelLogouts: BackChannelLogouts;
}

/** No logout token is longer, with its encoding; bytes. */
const longestNotice = 128 * 1024;

const notAllowed = (allow: string): HttpAnswer =>
  sendJson({ error: 'invalid_request' }, { status: 405, headers: { allow } });

/** `/{tenant}/{track}/({up})/oauth/...`: the addresses that OpenID Providers are told about us. */
@Controller()
export class OidcUpPartyEndpoint {
  constructor(@Inject(OIDC_UP_PARTY) private readonly works: OidcUpPartyWorks) {}

  @All(':tenant/:track/:party/oauth/authorizationresponse')
  authorizationResponse(@Req() request: HttpRequest): Promise<HttpAnswer> | HttpAnswer {
    const fits = request.method === 'GET' || request.method === 'POST';
    return fits ? this.works.responses.handle(request) : notAllowed('GET, POST');
  }

  @All(':tenant/:track/:party/oauth/endsessionresponse')
  endSessionResponse(@Req() request: HttpRequest): Promise<HttpAnswer> | HttpAnswer {
    return request.method === 'GET' ? this.works.endSessionResponses.handle(request) : notAllowed('GET');
  }

  @All(':tenant/:track/:party/oauth/frontchannellogout')
  frontChannelLogout(@Req() request: HttpRequest): Promise<HttpAnswer> | HttpAnswer {
    return request.method === 'GET' ? this.works.frontChannelLogouts.handle(request) : notAllowed('GET');
  }

  @All(':tenant/:track/:party/oauth/backchannellogout')
  @BodyLimit(longestNotice)
  backChannelLogout(@Req() request: HttpRequest): Promise<HttpAnswer> | HttpAnswer {
    return request.method === 'POST' ? this.works.backChannelLogouts.handle(request) : notAllowed('POST');
  }
}
