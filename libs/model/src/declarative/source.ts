import { Composer, isMap, isNode, isScalar, LineCounter, Parser, type Document } from 'yaml';
import { isTooDeep, tooDeep } from '../problems/depth.js';
import { readJson } from './read-json.js';
import { fieldName, type Problem } from '../problems/problem.js';

/** A file as it was read; `file` is what errors call it. */
export interface DeclarativeFile {
  readonly file: string;
  readonly text: string;
}

/** A problem where an editor finds it. Line and column begin at 1. */
export interface FileProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The setting, from the document's root: `tenants[0].tracks[1].up_parties[0].authority`. Empty for the document itself. */
  readonly field: string;
  readonly message: string;
  readonly mend?: string;
}

type Path = Problem['path'];

const wholeFile = (file: string, message: string): FileProblem => ({ file, line: 1, column: 1, field: '', message });

/** Where the parts of a file's documents stand; found out when it is asked for, since hardly any file has a problem. */
class Places {
  private readonly lines = new LineCounter();
  private documents: readonly Document.Parsed[] | undefined;

  constructor(private readonly text: string) {}

  of(index: number): { document: Document.Parsed; lines: LineCounter } {
    this.documents ??= [...documentsOf(this.text, this.lines)];
    return { document: this.documents[index]!, lines: this.lines };
  }
}

/** One YAML document of a file and where its parts stand. */
export class Source {
  private constructor(
    readonly file: string,
    private readonly places: Places,
    private readonly index: number,
    private plain: (() => unknown) | undefined,
  ) {}

  /**
   * Reads every document of a file, one in a step; the second part of the answer holds what is not YAML at all. A file that
   * is JSON is read as such, fifty times as fast.
   */
  static *read({ file, text }: DeclarativeFile): Generator<void, { sources: Source[]; problems: FileProblem[] }> {
    const places = new Places(text);
    const json = readJson(text);
    if (json) return { sources: [new Source(file, places, 0, () => json.value)], problems: [] };
    const lines = new LineCounter();
    const documents: Document.Parsed[] = [];
    try {
      for (const document of documentsOf(text, lines)) {
        documents.push(document);
        yield;
      }
    } catch {
      // The parser walks by recursion, and a text of nothing but brackets exhausts the stack.
      return { sources: [], problems: [wholeFile(file, tooDeep)] };
    }
    const sources = documents.flatMap((document, index) => {
      if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) return [];
      // Few aliases are followed, so that a small file cannot grow into a huge one.
      return [new Source(file, places, index, () => document.toJS({ maxAliasCount: 100 }) as unknown)];
    });
    const problems = documents.flatMap(({ errors }) =>
      errors.map(({ message, pos }): FileProblem => ({ file, ...at(lines, pos[0]), field: '', message })),
    );
    return { sources, problems };
  }

  /** The document as plain values. They are handed over, once: thousands of tracks are not kept in several forms. */
  takeValue(): { value: unknown } | { problem: FileProblem } {
    try {
      const value = this.plain?.();
      this.plain = undefined;
      return isTooDeep(value) ? { problem: wholeFile(this.file, tooDeep) } : { value };
    } catch (error) {
      return { problem: wholeFile(this.file, (error as Error).message) };
    }
  }

  /** Puts a problem at its line: at the key when there is one, otherwise at the nearest thing around it. */
  locate({ path, message, mend }: Problem): FileProblem {
    const { lines } = this.places.of(this.index);
    const place = at(lines, this.offsetOf(path));
    return { file: this.file, ...place, field: fieldName(path), message, ...(mend !== undefined && { mend }) };
  }

  private offsetOf(path: Path): number {
    const { document } = this.places.of(this.index);
    if (path.length === 0) return document.range[0];
    const parent = document.getIn(path.slice(0, -1), true);
    const last = path[path.length - 1]!;
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isNode(key) && String(key) === String(last))
      : undefined;
    const node = pair?.key ?? document.getIn(path, true);
    return (isNode(node) && node.range?.[0]) || this.offsetOf(path.slice(0, -1));
  }
}

const documentsOf = (text: string, lines: LineCounter): Generator<Document.Parsed> =>
  new Composer({ prettyErrors: false, version: '1.2', merge: false }).compose(
    new Parser(lines.addNewLine).parse(text),
  ) as Generator<Document.Parsed>;

const at = (lines: LineCounter, offset: number): { line: number; column: number } => {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
};
