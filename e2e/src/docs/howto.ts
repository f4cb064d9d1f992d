import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from '../world/world.js';

const execute = promisify(execFile);

/** A block of code in a document: its language, and the file that its first line names. */
interface Block {
  readonly language: string;
  readonly name: string | undefined;
  readonly text: string;
}

const fences = /^```(\w+)\n(.*?)^```$/gms;
/** `# shop.yaml` or `// config.php`: a comment that is nothing but a path. */
const nameLine = /^(?:#|\/\/) ([\w./-]+)$/;

/** A page of `docs/howto` as its reader takes it: the files and commands in it are what tests run. */
export class Howto {
  private readonly blocks: readonly Block[];

  constructor(page: string) {
    const text = readFileSync(join(repository, 'docs/howto', `${page}.md`), 'utf8');
    this.blocks = [...text.matchAll(fences)].map(([, language = '', code = '']) => ({
      language,
      name: nameLine.exec(code.split('\n', 1)[0] ?? '')?.[1],
      text: code,
    }));
  }

  /**
   * A file of the page, with what it names in `${...}` filled in as far as `values` have it.
   * @throws when there is none of that name
   */
  file(name: string, values: Readonly<Record<string, string>> = {}): string {
    const found = this.blocks.find((block) => block.name === name);
    if (!found) throw new Error(`the page has no block that begins with the name ${name}`);
    return found.text.replace(/\$\{(\w+)\}/g, (whole, variable: string) => values[variable] ?? whole);
  }

  /** The commands of the page in one language: `sh`, or `bash` where somebody has to do something meanwhile. */
  commands(language: 'sh' | 'bash'): string {
    const blocks = this.blocks.filter((block) => block.language === language);
    return blocks.map(({ text }) => text).join('\n');
  }

  /** Runs the commands of the page as they stand there. @returns what they print */
  async run(env: Readonly<Record<string, string>>, cwd?: string): Promise<string> {
    const args = ['-euo', 'pipefail', '-c', this.commands('sh')];
    return (await execute('/bin/bash', args, { env: { PATH: process.env['PATH'], ...env }, cwd })).stdout;
  }
}
