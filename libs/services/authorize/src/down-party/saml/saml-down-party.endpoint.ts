import { All, Controller, Get, Inject, Req } from '@nestjs/common';
import { sendText, type HttpAnswer, type HttpRequest } from '@corsac/http';
import type { IdpMetadata } from './idp-metadata.js';
import type { LogoutService } from './logout/logout-service.js';
import type { TellApplications } from './logout/tell-applications.js';
import type { AuthnRequests } from './request/authn-requests.js';
import type { InitiatedSignIns } from './request/initiated-sign-ins.js';

export const SAML_DOWN_PARTY = Symbol('saml down-party');

export interface SamlDownPartyWorks {
  readonly requests: AuthnRequests;
  readonly initiated: InitiatedSignIns;
  readonly logout: LogoutService;
  readonly tell: TellApplications;
  readonly metadata: IdpMetadata;
}

const notAllowed = (allow: string): HttpAnswer =>
  sendText(`This address takes ${allow}.\n`, { status: 405, headers: { allow } });

const isOfBrowser = ({ method }: HttpRequest): boolean => method === 'GET' || method === 'POST';

/** `/{tenant}/{track}/{party}{binding}/saml/...`: the addresses of the identity provider that we are to an application. */
@Controller()
export class SamlDownPartyEndpoint {
  constructor(@Inject(SAML_DOWN_PARTY) private readonly works: SamlDownPartyWorks) {}

  @All(':tenant/:track/:party/saml/authn')
  authn(@Req() request: HttpRequest): Promise<HttpAnswer> | HttpAnswer {
    return isOfBrowser(request) ? this.works.requests.handle(request) : notAllowed('GET, POST');
  }

  @All(':tenant/:track/:party/saml/logout')
  logout(@Req() request: HttpRequest): Promise<HttpAnswer> | HttpAnswer {
    return isOfBrowser(request) ? this.works.logout.handle(request) : notAllowed('GET, POST');
  }

  /** Where a sign-in begins that the application did not ask for. */
  @Get(':tenant/:track/:party/saml/initiate')
  initiate(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.works.initiated.handle(request);
  }

  @All(':tenant/:track/:party/saml/idpmetadata')
  idpMetadata(@Req() request: HttpRequest): Promise<HttpAnswer> | HttpAnswer {
    return request.method === 'GET' ? this.works.metadata.handle(request) : notAllowed('GET');
  }

  /** Beside the pages of a logout: where the frame of a SAML application begins. */
  @Get(':tenant/:track/account/logout/:id/saml/:receipt')
  tell(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.works.tell.tell(request);
  }
}
