import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../world/world.js';

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

  /** A file of the page. @throws when there is none of that name */
  file(name: string): string {
    const found = this.blocks.find((block) => block.name === name);
    if (!found) throw new Error(`the page has no block that begins with the name ${name}`);
    return found.text;
  }

  /** The commands of the page, in their order. */
  get commands(): readonly string[] {
    return this.blocks.filter(({ language }) => language === 'sh').map(({ text }) => text);
  }
}
