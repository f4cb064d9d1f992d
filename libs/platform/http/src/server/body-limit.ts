import { RouteConfig } from '@nestjs/platform-fastify';

/** Gives a route its own largest body in bytes: `@Post(...) @BodyLimit(4 * 1024 * 1024)`. Larger ones are answered 413. */
export const BodyLimit = (bytes: number): MethodDecorator & ClassDecorator => RouteConfig({ bodyLimit: bytes });
