import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repository } from '../world/world.js';

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** The command line as a process of its own, with nothing of our environment but the path. */
export class CommandLine {
  /** All that any of its runs has said. */
  said = '';

  constructor(private readonly variables: Readonly<Record<string, string>>) {}

  /**
   * @param words what stands behind `corsac`
   * @param heard told what it has said so far, while it runs
   */
  run(
    words: readonly string[],
    {
      stdin = '',
      env = {},
      heard,
    }: { stdin?: string; env?: Record<string, string>; heard?: (out: string) => void } = {},
  ): Promise<Ran> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [join(repository, 'apps/cli/bin/corsac.js'), ...words], {
        env: { PATH: process.env['PATH'], ...this.variables, ...env },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk.toString();
        heard?.(out);
      });
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      child.once('error', reject);
      child.once('close', (code) => {
        this.said += out + err;
        resolve({ exit: code ?? -1, out, err });
      });
      child.stdin.end(stdin);
    });
  }
}
