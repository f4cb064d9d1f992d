/** The token service as a process of its own, on NATS, Redis and Postgres. What it does is in libs/services/token. */
import { run } from '@corsac/run';
import { distributedWiring } from '@corsac/run/distributed';
import { tokenService } from '@corsac/token-service';

void run([tokenService], distributedWiring);
