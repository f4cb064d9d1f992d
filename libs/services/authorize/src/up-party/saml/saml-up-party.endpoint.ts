import { All, Controller, Inject, Req } from '@nestjs/common';
import { sendText, type HttpAnswer, type HttpRequest } from '@corsac/http';
import type { AssertionConsumer } from './answer/assertion-consumer.js';
import type { SingleLogout } from './logout/single-logout.js';
import type { SpMetadata } from './sp-metadata.js';

export const SAML_UP_PARTY = Symbol('saml up-party');

export interface SamlUpPartyWorks {
  readonly consumer: AssertionConsumer;
  readonly singleLogout: SingleLogout;
  readonly metadata: SpMetadata;
}

const notAllowed = (allow: string): HttpAnswer =>
  sendText(`This address takes ${allow}.\n`, { status: 405, headers: { allow } });

const isOfBrowser = ({ method }: HttpRequest): boolean => method === 'GET' || method === 'POST';

/** `/{tenant}/{track}/({up})/saml/...`: the addresses that SAML identity providers are told about us. */
@Controller()
export class SamlUpPartyEndpoint {
  constructor(@Inject(SAML_UP_PARTY) private readonly works: SamlUpPartyWorks) {}

  @All(':tenant/:track/:party/saml/acs')
  acs(@Req() request: HttpRequest): Promise<HttpAnswer> | HttpAnswer {
    return isOfBrowser(request) ? this.works.consumer.handle(request) : notAllowed('GET, POST');
  }

  @All(':tenant/:track/:party/saml/singlelogout')
  singleLogout(@Req() request: HttpRequest): Promise<HttpAnswer> | HttpAnswer {
    return isOfBrowser(request) ? this.works.singleLogout.handle(request) : notAllowed('GET, POST');
  }

  @All(':tenant/:track/:party/saml/spmetadata')
  spMetadata(@Req() request: HttpRequest): Promise<HttpAnswer> | HttpAnswer {
    return request.method === 'GET' ? this.works.metadata.handle(request) : notAllowed('GET');
  }
}
