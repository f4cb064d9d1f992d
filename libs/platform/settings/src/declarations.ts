import { baseUrl, hostsAndNetworks, integer, networks, oneOf, serverUrl, serverUrls, text } from './kinds.js';
import { openSetting, setting } from './setting.js';

/** Every setting of Corsac. Names on the left are those that code uses. */
export const declarations = {
  host: setting({
    variable: 'HOST',
    schema: text,
    fallback: '127.0.0.1',
    meaning: 'Address to listen on. `0.0.0.0` or `::` inside a container.',
  }),
  port: setting({
    variable: 'PORT',
    schema: integer(0, 65_535),
    fallback: '4400',
    meaning: 'Port to listen on; 0 takes a free one.',
  }),
  base_url: openSetting({
    variable: 'CORSAC_BASE_URL',
    schema: baseUrl,
    meaning:
      'Public address of the installation, as browsers and applications see it; issuers and links are made of it, never of a request header. It may differ from the listener in scheme, host and port (TLS in front). Unset, it is `http://localhost:{PORT}`.',
    example: 'https://id.example.com',
    required: ['distributed'],
    unsafe: 'issuers and links name this machine, and nobody else can reach them',
  }),
  config: openSetting({
    variable: 'CORSAC_CONFIG',
    schema: text,
    meaning:
      'Declarative file or folder with tenants, tracks and parties. Applied at start by one replica when its content changed; nothing is deleted without `prune`. Unset in the embedded shape on a loopback address, the demo is loaded.',
    example: '/etc/corsac/config',
  }),
  data: setting({
    variable: 'CORSAC_DATA',
    schema: text,
    fallback: '.corsac',
    meaning:
      'Folder of the embedded shape and of `npm run start:services`: database, master key, secrets of the demo. `memory` keeps nothing after the end of the process (embedded only).',
  }),
  database_url: openSetting({
    variable: 'DATABASE_URL',
    schema: serverUrl('postgres', 'postgresql'),
    meaning: 'Postgres, 15 or newer. Unset in the embedded shape, an own one is started.',
    example: 'postgresql://corsac:...@postgres:5432/corsac',
    required: ['distributed'],
    secret: true,
  }),
  redis_url: openSetting({
    variable: 'REDIS_URL',
    schema: serverUrl('redis', 'rediss'),
    meaning:
      'Redis, 7 or newer, for sessions, sequences and codes. It must not evict (`maxmemory-policy noeviction`). The embedded shape keeps them in its memory, with a journal in Postgres.',
    example: 'redis://redis:6379',
    required: ['distributed'],
    secret: true,
  }),
  nats_url: openSetting({
    variable: 'NATS_URL',
    schema: serverUrls('nats', 'tls'),
    meaning:
      'NATS with JetStream, 2.9 or newer; several servers of a cluster separated by commas. `tls://` asks for TLS. The embedded shape speaks within its process.',
    example: 'nats://nats:4222',
    required: ['distributed'],
    secret: true,
  }),
  nats_user: openSetting({
    variable: 'CORSAC_NATS_USER',
    schema: text,
    meaning: 'User of this service at NATS, from the generated accounts. Unset, the one in the address counts.',
    example: 'token',
  }),
  nats_password: openSetting({
    variable: 'CORSAC_NATS_PASSWORD',
    schema: text,
    meaning: 'Password of that user.',
    secret: true,
  }),
  nats_ca: openSetting({
    variable: 'CORSAC_NATS_CA',
    schema: text,
    meaning: 'File with the certificate authority of NATS (PEM); setting it asks for TLS.',
    example: '/etc/corsac/nats-ca.pem',
  }),
  master_key: openSetting({
    variable: 'CORSAC_MASTER_KEY',
    schema: text,
    meaning:
      'Key that seals signing keys and other secrets: 32 random bytes in base64url; older keys after it, separated by commas, only open. The embedded shape makes one and keeps it in CORSAC_DATA.',
    example: '`node -p "crypto.randomBytes(32).toString(\'base64url\')"`',
    required: ['distributed'],
    secret: true,
  }),
  trusted_proxies: setting({
    variable: 'CORSAC_TRUSTED_PROXIES',
    schema: networks,
    fallback: '',
    meaning: 'Addresses and networks of proxies whose `X-Forwarded-For` is believed. From anybody else it is ignored.',
    example: '10.0.0.0/8',
  }),
  outbound_ca: openSetting({
    variable: 'CORSAC_OUTBOUND_CA',
    schema: text,
    meaning:
      'File with further certificate authorities (PEM) for outbound requests, beside those that Node knows (and `NODE_EXTRA_CA_CERTS`).',
    example: '/etc/corsac/outbound-ca.pem',
  }),
  outbound_allow: setting({
    variable: 'CORSAC_OUTBOUND_ALLOW',
    schema: hostsAndNetworks,
    fallback: '',
    meaning:
      'Host names and networks that outbound requests may reach although they are private, and by http. Loopback is allowed by itself when the base URL is on this machine.',
    example: 'keycloak.internal, 10.1.0.0/16',
  }),
  log_level: setting({
    variable: 'CORSAC_LOG_LEVEL',
    schema: oneOf('debug', 'info', 'warn', 'error', 'silent'),
    fallback: { embedded: 'warn', distributed: 'info' },
    meaning: 'Least severe log line that is written. `debug` has a line for every request.',
  }),
  drain_s: setting({
    variable: 'CORSAC_DRAIN_SECONDS',
    schema: integer(0, 300),
    fallback: { embedded: '0', distributed: '5' },
    meaning:
      'Seconds between the end of readiness and the end of listening, in which load balancers learn to send requests elsewhere.',
  }),
  otlp_endpoint: openSetting({
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    schema: serverUrl('http', 'https'),
    meaning: 'OpenTelemetry collector (OTLP over HTTP). Unset, nothing is traced.',
    example: 'http://collector:4318',
  }),
} as const;
