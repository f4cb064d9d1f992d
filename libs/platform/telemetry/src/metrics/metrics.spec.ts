import { createMetrics } from './create-metrics.js';

const linesOf = async (metrics: ReturnType<typeof createMetrics>, name: string): Promise<string[]> =>
  (await metrics.text()).split('\n').filter((line) => line.startsWith(name));

describe('metrics', () => {
  it('belong to a service and are shared by name', async () => {
    const metrics = createMetrics();
    const definition = { name: 'logins_total', help: 'Logins.', labels: ['result'] };
    metrics.forService('authorize').counter(definition).inc({ result: 'ok' });
    metrics.forService('authorize').counter(definition).inc({ result: 'ok' }, 2);
    metrics.forService('token').counter(definition).inc({ result: 'ok' });
    expect(await linesOf(metrics, 'corsac_logins_total')).toEqual([
      'corsac_logins_total{result="ok",service="authorize"} 3',
      'corsac_logins_total{result="ok",service="token"} 1',
    ]);
  });

  it('are gauges and histograms too', async () => {
    const token = createMetrics();
    token.forService('token').gauge({ name: 'key_age_seconds', help: 'Age.' }).set(7);
    token.forService('token').histogram({ name: 'sign_seconds', help: 'Signing.' }, [0.1, 1]).observe(0.5);
    expect(await linesOf(token, 'corsac_key_age_seconds')).toEqual(['corsac_key_age_seconds{service="token"} 7']);
    expect(await linesOf(token, 'corsac_sign_seconds_bucket')).toEqual([
      'corsac_sign_seconds_bucket{le="0.1",service="token"} 0',
      'corsac_sign_seconds_bucket{le="1",service="token"} 1',
      'corsac_sign_seconds_bucket{le="+Inf",service="token"} 1',
    ]);
  });

  it('have one heading for all services, and label values that end no line', async () => {
    const metrics = createMetrics();
    const definition = { name: 'messages_total', help: 'Messages.', labels: ['subject', 'kind'] };
    metrics.forService('token').counter(definition).inc({ kind: 'k', subject: 'a"b\\c\nd' });
    metrics.forService('session').counter(definition);
    metrics.forService('authorize').counter(definition).inc({ subject: 's', kind: 'k' }, 0.5);
    const text = await metrics.text();
    expect(text.match(/messages_total.*\n/g)).toEqual([
      'messages_total Messages.\n',
      'messages_total counter\n',
      'messages_total{subject="a\\"b\\\\c\\nd",kind="k",service="token"} 1\n',
      'messages_total{subject="s",kind="k",service="authorize"} 0.5\n',
    ]);
  });

  it('of one kind keep what was measured under other labels apart', async () => {
    const metrics = createMetrics();
    const seconds = metrics.forService('token').histogram({ name: 's', help: 'S.', labels: ['a'] }, [1, 2]);
    for (const [value, a] of [
      [1, 'x'],
      [1.5, 'x'],
      [9, 'x'],
      [2, 'y'],
    ] as const)
      seconds.observe(value, { a });
    expect(await linesOf(metrics, 'corsac_s')).toEqual([
      'corsac_s_bucket{le="1",a="x",service="token"} 1',
      'corsac_s_bucket{le="2",a="x",service="token"} 2',
      'corsac_s_bucket{le="+Inf",a="x",service="token"} 3',
      'corsac_s_sum{a="x",service="token"} 11.5',
      'corsac_s_count{a="x",service="token"} 3',
      'corsac_s_bucket{le="1",a="y",service="token"} 0',
      'corsac_s_bucket{le="2",a="y",service="token"} 1',
      'corsac_s_bucket{le="+Inf",a="y",service="token"} 1',
      'corsac_s_sum{a="y",service="token"} 2',
      'corsac_s_count{a="y",service="token"} 1',
    ]);
  });

  it('are read when somebody looks; one that cannot be read hides no other', async () => {
    const metrics = createMetrics();
    metrics.forService('session').gaugeOf({ name: 'broken', help: 'x' }, () => Promise.reject(new Error('away')));
    metrics.forService('session').gaugeOf({ name: 'depth', help: 'x' }, async () => 4);
    expect(await linesOf(metrics, 'corsac_depth')).toEqual(['corsac_depth{service="session"} 4']);
  });

  it('of the process are there when asked for', async () => {
    expect(await linesOf(createMetrics({ process: true }), 'corsac_process_cpu_user_seconds_total')).toHaveLength(1);
    expect(await linesOf(createMetrics(), 'corsac_process_cpu_user_seconds_total')).toHaveLength(0);
  });
});

describe('request metrics', () => {
  const measure = { route: 'oauth/token', status: 200, duration_ms: 3, tenant: 'acme', track: '-' };

  it('count by route, status and realm, and time by route and status class', async () => {
    const metrics = createMetrics();
    const token = metrics.forService('token');
    token.request(measure);
    token.request({ ...measure, duration_ms: 300 });
    token.request({ ...measure, status: 400 });
    token.request({ route: 'unmatched', status: 404, duration_ms: 1 });
    expect(await linesOf(metrics, 'corsac_http_requests_total')).toEqual([
      'corsac_http_requests_total{service="token",route="oauth/token",status="200",tenant="acme",track="-"} 2',
      'corsac_http_requests_total{service="token",route="oauth/token",status="400",tenant="acme",track="-"} 1',
      'corsac_http_requests_total{service="token",route="unmatched",status="404",tenant="",track=""} 1',
    ]);
    const durations = await linesOf(metrics, 'corsac_http_request_duration_seconds');
    const labels = 'service="token",route="oauth/token",status="2xx"';
    expect(durations).toContain(`corsac_http_request_duration_seconds_bucket{${labels},le="0.0025"} 0`);
    expect(durations).toContain(`corsac_http_request_duration_seconds_bucket{${labels},le="0.005"} 1`);
    expect(durations).toContain(`corsac_http_request_duration_seconds_bucket{${labels},le="+Inf"} 2`);
    expect(durations).toContain(`corsac_http_request_duration_seconds_count{${labels}} 2`);
    expect(durations.find((line) => line.startsWith(`corsac_http_request_duration_seconds_sum{${labels}}`))).toMatch(
      / 0\.303$/,
    );
  });

  it('make no label of a realm that answered nothing but errors', async () => {
    const metrics = createMetrics();
    metrics.forService('token').request({ ...measure, tenant: 'made-up"} 1', status: 404 });
    expect(await linesOf(metrics, 'corsac_http_requests_total')).toEqual([
      'corsac_http_requests_total{service="token",route="oauth/token",status="404",tenant="unknown",track="unknown"} 1',
    ]);
  });

  it('have labels for the first two hundred realms only', async () => {
    const metrics = createMetrics();
    for (let number = 0; number < 1000; number += 1)
      metrics.forService('token').request({ ...measure, track: `t${number}` });
    const lines = await linesOf(metrics, 'corsac_http_requests_total');
    expect(lines).toHaveLength(201);
    expect(lines.at(-1)).toMatch(/tenant="other",track="other"\} 800$/);
  });
});
