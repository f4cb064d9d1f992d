import { SetMetadata } from '@nestjs/common';

const bodyLimit = 'corsac:body_limit';

/** Gives a route its own largest body in bytes: `@Post(...) @BodyLimit(4 * 1024 * 1024)`. Larger ones are answered 413. */
export const BodyLimit = (bytes: number): MethodDecorator => SetMetadata(bodyLimit, bytes);

/** What `BodyLimit` says of a handler. */
export const bodyLimitOf = (handler: object): number | undefined =>
  Reflect.getMetadata(bodyLimit, handler) as number | undefined;
