import { Controller, Get, Options, Post, Req } from '@nestjs/common';
import type { HttpAnswer, HttpRequest } from '@corsac/http';
import { UserInfo } from './user-info.js';

/** OIDC Core 5.3. */
@Controller(':tenant/:track/:party/oauth/userinfo')
export class UserInfoEndpoint {
  constructor(private readonly userInfo: UserInfo) {}

  @Get()
  get(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.userInfo.answer(request);
  }

  @Post()
  post(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.userInfo.answer(request);
  }

  @Options()
  preflight(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.userInfo.preflight(request);
  }
}
