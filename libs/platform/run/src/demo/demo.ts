import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '@corsac/settings';
import { asStartProblem } from '../start/start-problem.js';

/** The demo of spec 1: where its file is and what stands for the secrets in it. */
export interface Demo {
  readonly file: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** Where the secrets are kept, unless nothing is. */
  readonly kept_in?: string;
}

const fileOfRepository = join(__dirname, '../../../../../deploy/demo/demo.yaml');
const placeholder = /\$\{(DEMO_[A-Z0-9_]+)\}/g;

const readKept = (file: string): Map<string, string> => {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return new Map(
    lines.flatMap((line) => {
      const [, name, value] = /^(DEMO_[A-Z0-9_]+)=(\S+)$/.exec(line) ?? [];
      return name && value ? [[name, value] as const] : [];
    }),
  );
};

const keep = (file: string, secrets: ReadonlyMap<string, string>): void => {
  const lines = [...secrets].map(([name, value]) => `${name}=${value}`);
  writeFileSync(file, `# Secrets of the demo's applications, made at first start.\n${lines.join('\n')}\n`, {
    mode: 0o600,
  });
};

const secretsIn = (text: string, kept: ReadonlyMap<string, string>): Map<string, string> => {
  const secrets = new Map<string, string>();
  for (const [, name = ''] of text.matchAll(placeholder)) {
    secrets.set(name, process.env[name] ?? kept.get(name) ?? randomBytes(24).toString('base64url'));
  }
  return secrets;
};

/**
 * The demo, when a start of everything in one process loads it: on a loopback address, and without configuration of
 * one's own. Its secrets are made at first start and kept in `CORSAC_DATA/demo.env` (mode 0600), where the sample applications
 * find them. @throws StartProblem
 */
export const demoOf = ({ shape, loopback, config, data }: Settings): Demo | undefined =>
  shape === 'embedded' && loopback && config === undefined ? loadDemo(data) : undefined;

/** The demo with its secrets, kept in the folder `data`; nothing where its file is not installed. @throws StartProblem */
export const loadDemo = (data: string): Demo | undefined => {
  if (!existsSync(fileOfRepository)) return undefined;
  const text = readFileSync(fileOfRepository, 'utf8');
  if (data === 'memory') return { file: fileOfRepository, secrets: Object.fromEntries(secretsIn(text, new Map())) };
  const file = join(data, 'demo.env');
  try {
    const kept = readKept(file);
    const secrets = secretsIn(text, kept);
    if ([...secrets.keys()].some((name) => !kept.has(name))) {
      mkdirSync(data, { recursive: true });
      keep(file, new Map([...kept, ...secrets]));
    }
    return { file: fileOfRepository, secrets: Object.fromEntries(secrets), kept_in: file };
  } catch (error) {
    throw asStartProblem(error, `the secrets of the demo in ${file}`, 'make the folder writable or set CORSAC_DATA');
  }
};
