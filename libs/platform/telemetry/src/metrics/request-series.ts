import { Buckets } from './buckets.js';
import { heading } from './labelled.js';
import type { RequestMeasure } from './metrics.js';

/** Upper bounds in seconds. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;

/** Realms that get labels of their own; the rest is counted under `other`, so that memory and scrapes stay bounded. */
const maxRealms = 200;

interface Requests {
  count: number;
}

/** Requests to one realm, by route and status. */
interface Realm {
  readonly tenant: string;
  readonly track: string;
  readonly counts: Map<string, Map<number, Requests>>;
}

const realm = (tenant: string, track: string): Realm => ({ tenant, track, counts: new Map() });
const labelOf = (text: string): string => text.replace(/[\\"\n]/g, '_');

/** What a map holds under a key, made when it is the first of it. */
const held = <Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value => {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  return made;
};

const noStatuses = <Value>(): Map<number, Value> => new Map();
const noRequests = (): Requests => ({ count: 0 });
const noDurations = (): Buckets => new Buckets(bounds);

/**
 * Counts and durations of HTTP requests, kept in plain maps instead of the metrics library, as this runs once per
 * request and the library hashes its labels every time.
 */
export class RequestSeries {
  /** By route and class of status. */
  private readonly durations = new Map<string, Map<number, Buckets>>();
  private readonly realms: Realm[] = [];
  private readonly named = new Map<string, Map<string, Realm>>();
  private readonly nowhere = realm('', '');
  private readonly unknown = realm('unknown', 'unknown');
  private readonly other = realm('other', 'other');

  constructor(private readonly service: string) {}

  add({ route, status, duration_ms, tenant, track }: RequestMeasure): void {
    const statusClass = Math.floor(status / 100);
    held(held(this.durations, route, noStatuses<Buckets>), statusClass, noDurations).add(duration_ms / 1000);
    const { counts } = this.realmOf(tenant, track, status);
    held(held(counts, route, noStatuses<Requests>), status, noRequests).count += 1;
  }

  /** A realm gets its label by an answer that was no error: names made up by a caller never become labels. */
  private realmOf(tenant: string | undefined, track: string | undefined, status: number): Realm {
    if (tenant === undefined || track === undefined) return this.nowhere;
    const tracks = this.named.get(tenant);
    const known = tracks?.get(track);
    if (known) return known;
    if (status >= 400) return this.unknown;
    if (this.realms.length >= maxRealms) return this.other;
    const made = realm(tenant, track);
    this.realms.push(made);
    if (tracks) tracks.set(track, made);
    else this.named.set(tenant, new Map([[track, made]]));
    return made;
  }

  /** Lines in Prometheus text format, without the headings that stand once for all services. */
  lines(): { requests: string[]; durations: string[] } {
    return { requests: this.requestLines(), durations: this.durationLines() };
  }

  private requestLines(): string[] {
    const lines: string[] = [];
    for (const { tenant, track, counts } of [...this.realms, this.nowhere, this.unknown, this.other]) {
      for (const [route, byStatus] of counts) {
        for (const [status, { count }] of byStatus) {
          const labels = `service="${this.service}",route="${labelOf(route)}",status="${status}",tenant="${labelOf(tenant)}",track="${labelOf(track)}"`;
          lines.push(`corsac_http_requests_total{${labels}} ${count}`);
        }
      }
    }
    return lines;
  }

  private durationLines(): string[] {
    const lines: string[] = [];
    for (const [route, byStatus] of this.durations) {
      for (const [statusClass, buckets] of byStatus) {
        const labels = `service="${this.service}",route="${labelOf(route)}",status="${statusClass}xx"`;
        for (const [bound, count] of buckets.below())
          lines.push(`corsac_http_request_duration_seconds_bucket{${labels},le="${bound}"} ${count}`);
        lines.push(`corsac_http_request_duration_seconds_sum{${labels}} ${buckets.sum}`);
        lines.push(`corsac_http_request_duration_seconds_count{${labels}} ${buckets.count}`);
      }
    }
    return lines;
  }
}

/** The series of all services of a process as Prometheus text. */
export const requestText = (series: readonly RequestSeries[]): string => {
  const parts = series.map((one) => one.lines());
  return [
    ...heading(
      'corsac_http_requests_total',
      'counter',
      'Requests by route kind, status and, for the first realms seen, realm.',
    ),
    ...parts.flatMap(({ requests }) => requests),
    ...heading(
      'corsac_http_request_duration_seconds',
      'histogram',
      'Time to the answer by route kind and status class.',
    ),
    ...parts.flatMap(({ durations }) => durations),
    '',
  ].join('\n');
};
