import { AbstractHttpAdapter } from '@nestjs/core';

const nothing = (): undefined => undefined;

const notHere = (): never => {
  throw new Error('Corsac’s endpoints give back answers as values and use nothing else of Nest’s HTTP layer');
};

/**
 * What Nest asks of an adapter beside routes and `reply`. An endpoint sees its request and gives back an answer, so nothing of this
 * has any work to do here; whatever would be passed over in silence is refused instead.
 */
export abstract class BareAdapter extends AbstractHttpAdapter {
  override close = nothing;
  override initHttpServer = nothing;
  /** The status is a part of the answer. */
  override status = nothing;
  /** What no endpoint is there for is answered before Nest hears of it. */
  override setNotFoundHandler = nothing;
  override setErrorHandler = nothing;
  override getType = (): string => 'corsac';
  override useStaticAssets = notHere;
  override setViewEngine = notHere;
  override getRequestHostname = notHere;
  override getRequestMethod = notHere;
  override getRequestUrl = notHere;
  override end = notHere;
  override render = notHere;
  override redirect = notHere;
  override getHeader = notHere;
  override setHeader = notHere;
  override appendHeader = notHere;
  override registerParserMiddleware = notHere;
  override enableCors = notHere;
  override createMiddlewareFactory = notHere;
  override applyVersionFilter = notHere;

  /** More particular patterns go first, whatever the order in which they were added. */
  isRouteOrderSensitive(): boolean {
    return false;
  }
}
