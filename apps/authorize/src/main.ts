/** The authorize service as a process of its own, on NATS, Redis and Postgres. What it does is in libs/services/authorize. */
import { run } from '@corsac/run';
import { distributedWiring } from '@corsac/run/distributed';
import { authorizeService } from '@corsac/authorize-service';

void run([authorizeService], distributedWiring);
