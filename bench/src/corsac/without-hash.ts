/**
 * Loaded into the processes of the product by the benchmark alone (`node --require`), before their own code: takes the
 * place of the password hash function, so that a sign-in costs all it costs but the hash, as on the peer's side. The
 * product has no setting for it.
 */
import { createRequire, Module } from 'node:module';
import { hash, verify } from './stand-in-hash.js';

// The very file that the product would load; when it is no longer there, the product does not start.
const filename = createRequire(require.resolve('@corsac/data')).resolve('@node-rs/argon2');
const standIn = new Module(filename);
Object.assign(standIn, { filename, loaded: true, exports: { hash, verify } });
require.cache[filename] = standIn;
