import type { RequestMeasure } from './metrics.js';

/** Upper bounds in seconds. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;

/** Realms that get labels of their own; the rest is counted under `other`, so that memory and scrapes stay bounded. */
const maxRealms = 200;

interface Durations {
  readonly counts: Float64Array;
  sum_s: number;
  count: number;
}

const labelOf = (text: string): string => text.replace(/[\\"\n]/g, '_');
const statusClass = (status: number): string => `${Math.floor(status / 100)}xx`;

/**
 * Counts and durations of HTTP requests, kept in plain maps instead of the metrics library, as this runs once per
 * request and the library hashes its labels every time.
 */
export class RequestSeries {
  private readonly durations = new Map<string, Map<string, Durations>>();
  private readonly counts = new Map<string, Map<string, number>>();
  private readonly realms = new Map<string, Set<string>>();
  private realmCount = 0;

  constructor(private readonly service: string) {}

  add({ route, status, duration_ms, tenant, track }: RequestMeasure): void {
    this.addDuration(route, statusClass(status), duration_ms / 1000);
    const realm = this.realmOf(tenant, track, status);
    let counts = this.counts.get(realm);
    if (!counts) this.counts.set(realm, (counts = new Map()));
    const key = `${route} ${status}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }

  private addDuration(route: string, status: string, seconds: number): void {
    let byStatus = this.durations.get(route);
    if (!byStatus) this.durations.set(route, (byStatus = new Map()));
    let durations = byStatus.get(status);
    if (!durations) {
      durations = { counts: new Float64Array(bounds.length), sum_s: 0, count: 0 };
      byStatus.set(status, durations);
    }
    durations.sum_s += seconds;
    durations.count += 1;
    for (let index = 0; index < bounds.length; index += 1) {
      if (seconds > bounds[index]!) continue;
      durations.counts[index]! += 1;
      return;
    }
  }

  /** A realm gets its label by an answer that was no error: names made up by a caller never become labels. */
  private realmOf(tenant: string | undefined, track: string | undefined, status: number): string {
    if (tenant === undefined || track === undefined) return ' ';
    const tracks = this.realms.get(tenant);
    if (tracks?.has(track)) return `${tenant} ${track}`;
    if (status >= 400) return 'unknown unknown';
    if (this.realmCount >= maxRealms) return 'other other';
    this.realmCount += 1;
    if (tracks) tracks.add(track);
    else this.realms.set(tenant, new Set([track]));
    return `${tenant} ${track}`;
  }

  /** Lines in Prometheus text format, without the headings that stand once for all services. */
  lines(): { requests: string[]; durations: string[] } {
    return { requests: this.requestLines(), durations: this.durationLines() };
  }

  private requestLines(): string[] {
    const lines: string[] = [];
    for (const [realm, counts] of this.counts) {
      const [tenant = '', track = ''] = realm.split(' ');
      for (const [key, count] of counts) {
        const [route = '', status = ''] = key.split(' ');
        const labels = `service="${this.service}",route="${labelOf(route)}",status="${status}",tenant="${labelOf(tenant)}",track="${labelOf(track)}"`;
        lines.push(`corsac_http_requests_total{${labels}} ${count}`);
      }
    }
    return lines;
  }

  private durationLines(): string[] {
    const lines: string[] = [];
    for (const [route, byStatus] of this.durations) {
      for (const [status, { counts, sum_s, count }] of byStatus) {
        const labels = `service="${this.service}",route="${labelOf(route)}",status="${status}"`;
        let below = 0;
        bounds.forEach((bound, index) => {
          below += counts[index]!;
          lines.push(`corsac_http_request_duration_seconds_bucket{${labels},le="${bound}"} ${below}`);
        });
        lines.push(`corsac_http_request_duration_seconds_bucket{${labels},le="+Inf"} ${count}`);
        lines.push(`corsac_http_request_duration_seconds_sum{${labels}} ${sum_s}`);
        lines.push(`corsac_http_request_duration_seconds_count{${labels}} ${count}`);
      }
    }
    return lines;
  }
}

const heading = (name: string, type: string, help: string): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
];

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
