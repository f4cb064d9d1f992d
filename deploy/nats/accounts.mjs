/**
 * Writes accounts.conf from the contracts: `node deploy/nats/accounts.mjs`, after a build. With `--streams=services` the
 * services may make their own streams, which saves the setup step and is less strict; the text then goes to the output.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import contracts from '@corsac/contracts';

const { durableEvents, events, natsAccounts, questions } = contracts;

const streams_by = process.argv.includes('--streams=services') ? 'services' : 'setup';
const text = natsAccounts({ questions, events, durableEvents }, { streams_by });
if (streams_by === 'services') process.stdout.write(text);
else writeFileSync(fileURLToPath(new URL('accounts.conf', import.meta.url)), text);
