import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isName } from '@corsac/model';
import { ok, type Outcome } from '@corsac/outcome';
import { z } from 'zod';
import { apiPath } from '../api/address.js';
import type { ControlApi } from '../api/control-api.js';
import { refused, wrongUsage, type Problem } from '../machine/problem.js';
import { apiFor, placeOptions, textOf, type Call, type Command, type Done } from './command.js';
import { listTracks } from './tracks.js';

const exported = z.object({ text: z.string() });

/** Hashes and sealed secrets are in the files: only their owner reads them. */
const write = async (
  folder: string,
  track: string,
  text: string,
  force: boolean,
): Promise<Outcome<string, Problem>> => {
  const file = join(folder, `${track}.yaml`);
  try {
    await writeFile(file, text, { mode: 0o600, flag: force ? 'w' : 'wx' });
    return ok(file);
  } catch (error) {
    const { code } = error as { code?: string };
    return code === 'EEXIST'
      ? refused(`${file} is there already`, { mend: 'Choose another folder with -o, or add --force.' })
      : refused(`${file} cannot be written: ${code ?? 'unknown'}`);
  }
};

const wantedTracks = async (
  api: ControlApi,
  names: readonly string[],
): Promise<Outcome<readonly string[], Problem>> => {
  const wrong = names.find((name) => !isName(name));
  if (wrong !== undefined) return wrongUsage(`${wrong} is no name of a track`);
  if (names.length > 0) return ok([...new Set(names)]);
  const all = await listTracks(api);
  return all.ok ? ok(all.value.map(({ name }) => name).filter(isName)) : all;
};

const run = async (call: Call): Promise<Outcome<Done, Problem>> => {
  const api = await apiFor(call);
  if (!api.ok) return api;
  const tracks = await wantedTracks(api.value, call.given.operands);
  if (!tracks.ok) return tracks;
  const texts = new Map<string, string>();
  for (const track of tracks.value) {
    const read = await api.value.call('GET', apiPath(api.value.tenant, track, 'export'), exported);
    if (!read.ok) return read;
    texts.set(track, read.value.text);
  }
  const folder = textOf(call, 'output') ?? '.';
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const [track, text] of texts) {
    const written = await write(folder, track, text, call.given.flags.has('force'));
    if (!written.ok) return written;
    files.push(written.value);
  }
  return ok({ lines: files.map((file) => `Wrote ${file}`), json: { files } });
};

export const exportCommand: Command = {
  name: 'export',
  says: 'Writes tracks as declarative files, <track>.yaml each; all tracks when none is named',
  more: ['Users are not exported. Secrets are written as hashes, or sealed with the key of the installation.'],
  options: {
    output: { value: 'DIR', short: 'o', says: 'Folder for the files; made when it is not there. Default: here.' },
    force: { says: 'Overwrites files that are there.' },
    ...placeOptions,
  },
  operands: { name: 'TRACK', least: 0, most: 10_000 },
  run,
};
