/** The session service as a process of its own, on NATS, Redis and Postgres. What it does is in libs/services/session. */
import { run } from '@corsac/run';
import { distributedWiring } from '@corsac/run/distributed';
import { sessionService } from '@corsac/session-service';

void run([sessionService], distributedWiring);
