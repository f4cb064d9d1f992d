import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import { BodyLimit, type HttpAnswer, type HttpRequest } from '@corsac/http';
import type { ChangeOwnPassword } from './change-own-password.js';
import type { ResetPassword } from './reset-password.js';

export const ACCOUNT = Symbol('account');

export interface AccountPages {
  readonly own: ChangeOwnPassword;
  readonly reset: ResetPassword;
}

/** No form of these pages is longer; bytes. */
const longestForm = 64 * 1024;

/** `/{tenant}/{track}/account/...`: what users do with their accounts outside of a sign-in. */
@Controller()
export class AccountEndpoint {
  constructor(@Inject(ACCOUNT) private readonly pages: AccountPages) {}

  @Get(':tenant/:track/account')
  account(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.pages.own.handle(request);
  }

  @Post(':tenant/:track/account')
  @BodyLimit(longestForm)
  change(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.pages.own.handle(request);
  }

  @Get(':tenant/:track/account/reset-password/:token')
  link(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.pages.reset.handle(request);
  }

  @Post(':tenant/:track/account/reset-password/:token')
  @BodyLimit(longestForm)
  reset(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.pages.reset.handle(request);
  }
}
