import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../world/world.js';

/** Ways of asking as Nest numbers them. */
const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'ALL', 'OPTIONS', 'HEAD'] as const;

/** An endpoint as the code declares it: `:tenant/:track/device`, under one method or `ALL`. */
export interface Endpoint {
  readonly method: (typeof methods)[number];
  readonly pattern: string;
}

type Decorated = Readonly<Record<string, unknown>> & { readonly name: string; readonly prototype?: object };

const services = join(repository, 'libs/services');

const controllerFiles = (): string[] =>
  readdirSync(services, { recursive: true, encoding: 'utf8' })
    .filter((file) => /^[a-z]+\/src\/.*\.endpoint\.ts$/.test(file))
    .map((file) => join(services, file));

/** What Nest's decorators wrote down; it is there as soon as a controller has been read. */
const noted = (name: string, target: object): unknown =>
  (Reflect as unknown as { getMetadata(name: string, target: object): unknown }).getMetadata(name, target);

const pathsOf = (target: object): string[] => [noted('path', target) as string | string[]].flat();

const joined = (...parts: readonly string[]): string =>
  parts
    .map((part) => part.replace(/^\/|\/$/g, ''))
    .filter(Boolean)
    .join('/');

const endpointsOf = (controller: Decorated): Endpoint[] => {
  const prototype = controller.prototype ?? {};
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const handler = (prototype as Record<string, unknown>)[name] as object;
    const method = noted('method', handler) as number | undefined;
    if (method === undefined) return [];
    const ways = methods[method] ?? 'ALL';
    return pathsOf(controller as never).flatMap((prefix) =>
      pathsOf(handler).map((path) => ({ method: ways, pattern: joined(prefix, path) })),
    );
  });
};

/** Every endpoint of every service, read from what its controllers say of themselves. */
export const endpointsOfCode = async (): Promise<Endpoint[]> => {
  const found: Endpoint[] = [];
  for (const file of controllerFiles()) {
    const exported = (await import(file)) as Record<string, unknown>;
    for (const value of Object.values(exported))
      if (typeof value === 'function' && noted('path', value) !== undefined)
        found.push(...endpointsOf(value as unknown as Decorated));
  }
  return found;
};
