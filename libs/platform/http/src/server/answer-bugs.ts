import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { plainError } from '../answer/error-answer.js';
import type { HttpRequest } from '../request/request.js';
import type { ServedRequest } from '../request/served-request.js';
import type { HttpAdapter } from './adapter.js';

/** A store's own word that it is away; it is known by name, as stores live in another package. */
const retryAfter = (error: unknown): number | undefined =>
  error instanceof Error && error.name === 'StoreUnavailable'
    ? Number((error as { retry_after?: number }).retry_after ?? 2)
    : undefined;

const statusOf = (error: unknown): number => {
  const { statusCode } = (error ?? {}) as { statusCode?: unknown };
  const status = error instanceof HttpException ? error.getStatus() : statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
};

/**
 * Answers what was thrown. Refusals are values, so this is the framework's own word (no such address, body too
 * large), a store that is away, or a bug; of the latter only a reference leaves the house.
 */
@Catch()
export class AnswerBugs implements ExceptionFilter {
  constructor(private readonly adapter: HttpAdapter) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<ServedRequest>();
    const retry_after_s = retryAfter(error);
    const status = retry_after_s === undefined ? statusOf(error) : 503;
    if (status >= 500) this.tell(error, request, status);
    if (request.response.headersSent) return;
    const { headers, requestId: request_id } = request;
    this.adapter.reply(request, plainError({ status, accept: headers.accept, request_id, retry_after_s }));
  }

  private tell(error: unknown, { logger, method }: HttpRequest, status: number): void {
    if (status === 503) logger.warn({ error, method }, 'a store is away');
    else logger.error({ error, method }, 'a request ended in a bug');
  }
}
