import { Controller, Get, Req } from '@nestjs/common';
import type { HttpAnswer, HttpRequest } from '@corsac/http';
import { Discovery } from './discovery.js';

const wellKnown = '.well-known/openid-configuration';
/** RFC 8414 3.1: the issuer's path follows the well-known part. */
const authorizationServer = '.well-known/oauth-authorization-server';

/** OIDC Discovery 4, RFC 8414 3, RFC 7517 5; of parties under any binding, and of tracks. */
@Controller()
export class DiscoveryEndpoint {
  constructor(private readonly discovery: Discovery) {}

  @Get([`:tenant/:track/:party/${wellKnown}`, `${authorizationServer}/:tenant/:track/:party`])
  party(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.discovery.party(request);
  }

  @Get([`:tenant/:track/${wellKnown}`, `${authorizationServer}/:tenant/:track`])
  track(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.discovery.track(request);
  }

  @Get(`:tenant/:track/:party/${wellKnown}/keys`)
  partyKeys(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.discovery.partyKeys(request);
  }

  @Get(`:tenant/:track/${wellKnown}/keys`)
  trackKeys(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.discovery.trackKeys(request);
  }
}
