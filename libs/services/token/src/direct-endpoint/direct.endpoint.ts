import { Controller, Options, Post, Req } from '@nestjs/common';
import type { HttpAnswer, HttpRequest } from '@corsac/http';
import { DirectEndpoint, DirectWorks } from './direct-endpoint.js';

const party = ':tenant/:track/:party/oauth';
const endpoints = ['token', 'introspect', 'revoke', 'par', 'device_authorization'].map((name) => `${party}/${name}`);

/** The endpoints that clients call themselves, each with a form and their proof of who they are. */
@Controller()
export class DirectEndpoints {
  constructor(
    private readonly direct: DirectEndpoint,
    private readonly works: DirectWorks,
  ) {}

  /** RFC 6749 3.2. */
  @Post(`${party}/token`)
  token(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.direct.answer(request, this.works.token);
  }

  /** RFC 7662 2. */
  @Post(`${party}/introspect`)
  introspect(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.direct.answer(request, this.works.introspect);
  }

  /** RFC 7009 2. */
  @Post(`${party}/revoke`)
  revoke(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.direct.answer(request, this.works.revoke);
  }

  /** RFC 9126 2. */
  @Post(`${party}/par`)
  pushed(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.direct.answer(request, this.works.pushed);
  }

  /** RFC 8628 3.1. */
  @Post(`${party}/device_authorization`)
  device(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.direct.answer(request, this.works.device);
  }

  @Options(endpoints)
  preflight(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.direct.preflight(request);
  }
}
