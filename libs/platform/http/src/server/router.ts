/** An address's route and the values of the names in its pattern, decoded once. */
export interface Found<Route> {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Why an address leads nowhere: the status to answer with. */
export type Nowhere = 400 | 404 | 414;

interface End<Route> {
  readonly route: Route;
  readonly names: readonly string[];
}

/** Where a segment of a path may lead: one that is written out goes before one that has a name. */
interface Place<Route> {
  readonly written: Map<string, Place<Route>>;
  named: Place<Route> | undefined;
  end: End<Route> | undefined;
}

/** A binding of four names, percent-encoded, is far below this. */
const longestValue = 2000;

const emptyPlace = <Route>(): Place<Route> => ({ written: new Map(), named: undefined, end: undefined });

/** A last segment that is empty, as `/control/` has one: Nest takes a slash at the end of a pattern away. */
const endSlash = ':';

const isName = (segment: string): boolean => segment.startsWith(':') && segment !== endSlash;

const nextPlace = <Route>(place: Place<Route>, pattern: string): Place<Route> => {
  if (isName(pattern)) return (place.named ??= emptyPlace());
  const segment = pattern === endSlash ? '' : pattern;
  const there = place.written.get(segment) ?? emptyPlace();
  place.written.set(segment, there);
  return there;
};

/**
 * Walks from a place along the path, no deeper than the longest pattern.
 * @param from where the next segment begins
 * @param values what stood where a pattern has a name is put here
 */
const walk = <Route>(place: Place<Route>, path: string, from: number, values: string[]): End<Route> | undefined => {
  if (from > path.length) return place.end;
  const slash = path.indexOf('/', from);
  const to = slash < 0 ? path.length : slash;
  const segment = path.slice(from, to);
  const written = place.written.size > 0 ? place.written.get(segment) : undefined;
  const end = written && walk(written, path, to + 1, values);
  if (end || segment === '' || !place.named) return end;
  const before = values.length;
  values.push(segment);
  const named = walk(place.named, path, to + 1, values);
  if (!named) values.length = before;
  return named;
};

const paramsOf = (names: readonly string[], values: readonly string[]): Record<string, string> | Nowhere => {
  const params: Record<string, string> = {};
  for (let index = 0; index < names.length; index += 1) {
    let value = values[index]!;
    try {
      if (value.includes('%')) value = decodeURIComponent(value);
    } catch {
      return 400;
    }
    if (value.length > longestValue) return 414;
    params[names[index]!] = value;
  }
  return params;
};

/** Routes by method and pattern, such as `/:tenant/:track/device`; `/control/:` is `/control/`. */
export class Router<Route> {
  private readonly roots = new Map<string, Place<Route>>();

  /** @throws when the pattern has a route already */
  add(method: string, pattern: string, route: Route): void {
    const root = this.roots.get(method) ?? emptyPlace<Route>();
    this.roots.set(method, root);
    const segments = pattern.split('/').slice(1);
    const place = segments.reduce<Place<Route>>(nextPlace, root);
    if (place.end) throw new Error(`${method} ${pattern} has two endpoints`);
    const names = segments.filter(isName).map((segment) => segment.slice(1));
    place.end = { route, names };
  }

  /**
   * Finds the route of a path. HEAD is answered by whoever answers GET (RFC 9110 9.3.2).
   * @param path as it came, without query; what is written out in a pattern is compared undecoded
   */
  find(method: string, path: string): Found<Route> | Nowhere {
    const root = this.roots.get(method);
    const values: string[] = [];
    const end = root && path.startsWith('/') ? walk(root, path, 1, values) : undefined;
    if (!end) return method === 'HEAD' ? this.find('GET', path) : 404;
    const params = paramsOf(end.names, values);
    return typeof params === 'number' ? params : { route: end.route, params };
  }
}
