import { All, Controller, Get, Req } from '@nestjs/common';
import type { HttpAnswer, HttpRequest } from '@corsac/http';
import { ControlPages } from './api/control-pages.js';
import { ControlApi } from './api/serve.js';

/** `/api`: everything that administrators and their programs do. Which address does what is told by the operations, not here. */
@Controller()
export class ControlEndpoint {
  constructor(
    private readonly api: ControlApi,
    private readonly pages: ControlPages,
  ) {}

  @Get('api')
  page(): HttpAnswer {
    return this.pages.page();
  }

  @Get('api/openapi.json')
  description(): HttpAnswer {
    return this.pages.description();
  }

  @All([
    'api/:tenant',
    'api/:tenant/:track',
    'api/:tenant/:track/:kind',
    'api/:tenant/:track/:kind/:name',
    'api/:tenant/:track/:kind/:name/:part',
    'api/:tenant/:track/:kind/:name/:part/:id',
  ])
  call(@Req() request: HttpRequest): Promise<HttpAnswer> {
    return this.api.answer(request);
  }
}
