/**
 * Makes the streams and consumers of the bus, once at deployment and after every update; doing it again changes nothing.
 * NATS_URL says where, NATS_SETUP_PASSWORD lets in as `setup`, NATS_CA (a file) makes it TLS, NATS_STREAM_REPLICAS says how
 * many copies a cluster keeps.
 */
import { readFileSync } from 'node:fs';
import bus from '@corsac/bus';

const { NATS_URL, NATS_SETUP_PASSWORD, NATS_CA, NATS_STREAM_REPLICAS } = process.env;
if (!NATS_URL) {
  console.error('NATS_URL is not set');
  process.exit(2);
}
try {
  const names = await bus.prepareStreams({
    servers: NATS_URL,
    ...(NATS_SETUP_PASSWORD && { credentials: { user: 'setup', pass: NATS_SETUP_PASSWORD } }),
    ...(NATS_CA && { tls: { ca: readFileSync(NATS_CA, 'utf8') } }),
    stream_replicas: Number(NATS_STREAM_REPLICAS ?? 1),
  });
  console.log(`streams are there: ${names.join(', ')}`);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
