import type { Logger } from '@corsac/telemetry';
import { formatFileProblem, type FileProblem } from '@corsac/model';
import { applyDeclarative, type ApplyParts } from './apply.js';
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
  // A new master key counts as a change: fingerprints and envelopes are made anew under it.
  const digest = `${digestOf(files, env)} ${parts.declared.of('applied file')}`;
  await parts.store.exclusively('apply', async () => {
    if ((await parts.store.appliedDigest(path)) === digest) return;
    const applied = await applyDeclarative(parts, files, { env });
    if (!applied.ok) throw badConfiguration(applied.error, parts.logger);
    await parts.store.noteApplied(path, digest);
    parts.logger.info(
      { changes: applied.value.changes.length, tracks: applied.value.tracks.length },
      'the declarative configuration was applied',
    );
  });
};

/** Whoever starts prints one line, with the first problem in it; all of them are in the log. */
const badConfiguration = (problems: readonly FileProblem[], logger: Logger): BadConfiguration => {
  const lines = problems.map(formatFileProblem);
  for (const line of lines) logger.error({ problem: line }, 'the declarative configuration is not valid');
  const more = lines.length > 1 ? ` (and ${lines.length - 1} more)` : '';
  return new BadConfiguration(`the configuration is not valid, nothing was changed: ${lines[0] ?? ''}${more}`);
};
