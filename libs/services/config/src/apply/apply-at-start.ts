import type { Logger } from '@corsac/telemetry';
import { applyDeclarative, describeProblems, type ApplyParts } from './apply.js';
import { digestOf, readDeclarativeFiles } from './read-files.js';

/** The files cannot be applied; the message says where and why, and is all that is printed. */
export class BadConfiguration extends Error {
  override readonly name = 'BadConfiguration';
}

/**
 * Applies the file or folder of `CORSAC_CONFIG` when its content changed since it was last applied; of several replicas
 * that start at once one does it and the others wait.
 * @throws BadConfiguration, and then nothing was changed
 */
export const applyAtStart = async (
  parts: ApplyParts & { readonly logger: Logger },
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> => {
  const files = await readDeclarativeFiles(path).catch((error: unknown) => {
    throw new BadConfiguration((error as Error).message);
  });
  const digest = digestOf(files, env);
  await parts.store.exclusively('apply', async () => {
    if ((await parts.store.appliedDigest(path)) === digest) return;
    const applied = await applyDeclarative(parts, files, { env });
    if (!applied.ok)
      throw new BadConfiguration(
        `the configuration is not valid, nothing was changed:\n${describeProblems(applied.error)}`,
      );
    await parts.store.noteApplied(path, digest);
    parts.logger.info(
      { changes: applied.value.changes.length, tracks: applied.value.tracks.length },
      'the declarative configuration was applied',
    );
  });
};
