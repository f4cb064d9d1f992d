import { routes, type RoutedService } from '@corsac/model';

/** A rule of an ingress: paths that match go to the service. */
export interface IngressRoute {
  readonly service: RoutedService;
  /** Regular expression on the whole path, for controllers that take RE2 or PCRE. */
  readonly path: string;
}

/**
 * The rules that an ingress needs, most specific first, made from the one list of routes. Health and metrics are not
 * among them: they are for probes and scrapers inside, and so is nothing that only the embedded shape has.
 */
export const ingressRoutes = (): readonly IngressRoute[] =>
  routes.filter(({ embeddedOnly }) => !embeddedOnly).map(({ service, pattern }) => ({ service, path: pattern }));
