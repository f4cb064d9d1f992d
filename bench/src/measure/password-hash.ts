import { join } from 'node:path';
import { PasswordHasher } from '@corsac/data';
import { onServerCore } from './server.js';

const times = 60;

/** Processor seconds of one check of a password as a server pays for it: on its core, with 16 asking at once. */
export const passwordHashSeconds = async (): Promise<number> =>
  Number(await onServerCore([join(__dirname, 'password-hash.js')]));

const measureHere = async (): Promise<void> => {
  const hasher = new PasswordHasher();
  const hash = await hasher.hash('Corsac-bench-1');
  if (!hash.ok) throw new Error('the password could not be hashed');
  const before = process.cpuUsage();
  let left = times;
  const asking = async (): Promise<void> => {
    while (left-- > 0) await hasher.verify(hash.value, 'Corsac-bench-1');
  };
  await Promise.all(Array.from({ length: 16 }, asking));
  const { user, system } = process.cpuUsage(before);
  console.log((user + system) / 1e6 / times);
};

if (require.main === module) void measureHere();
