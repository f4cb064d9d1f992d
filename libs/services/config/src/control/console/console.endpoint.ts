import { Controller, Get, Req } from '@nestjs/common';
import { sendRedirect, type HttpAnswer, type HttpRequest } from '@corsac/http';
import { ConsoleFiles } from './console-files.js';

/** `/control/`: the console, in which administrators do by hand what the Control API does. */
@Controller()
export class ConsoleEndpoint {
  constructor(private readonly files: ConsoleFiles) {}

  @Get('control')
  start(): HttpAnswer {
    return sendRedirect('/control/');
  }

  @Get('control/assets/:file')
  asset(@Req() request: HttpRequest): HttpAnswer {
    return this.files.asset(request.params['file'] ?? '', request.headers);
  }

  /** The console's own addresses: `{tenant}/{track}/{tab}/{kind}/{name}`. */
  @Get([
    'control/:',
    'control/:tenant',
    'control/:tenant/:',
    'control/:tenant/:track',
    'control/:tenant/:track/:',
    'control/:tenant/:track/:tab',
    'control/:tenant/:track/:tab/:kind',
    'control/:tenant/:track/:tab/:kind/:name',
    'control/:tenant/:track/:tab/:kind/:name/:part',
  ])
  page(): HttpAnswer {
    return this.files.index();
  }
}
