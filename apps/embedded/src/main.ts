/** Everything in one process, on an in-process bus and one Postgres: `npm start`. */
import { authorizeService } from '@corsac/authorize-service';
import { configService } from '@corsac/config-service';
import { run } from '@corsac/run';
import { embeddedWiring } from '@corsac/run/embedded';
import { sessionService } from '@corsac/session-service';
import { tokenService } from '@corsac/token-service';

void run([configService, sessionService, tokenService, authorizeService], embeddedWiring);
