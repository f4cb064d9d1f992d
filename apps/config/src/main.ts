/** The config service as a process of its own, on NATS, Redis and Postgres. What it does is in libs/services/config. */
import { run } from '@corsac/run';
import { distributedWiring } from '@corsac/run/distributed';
import { configService } from '@corsac/config-service';

void run([configService], distributedWiring);
