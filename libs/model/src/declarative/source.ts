import { isMap, isNode, isScalar, LineCounter, parseAllDocuments, type Document } from 'yaml';
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

/** A document with the places of its parts. */
interface Located {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

/** One YAML document of a file and where its parts stand. */
export class Source {
  private constructor(
    readonly file: string,
    private readonly located: () => Located,
    private readonly plain: () => unknown,
  ) {}

  /**
   * Reads every document of a file; the second part of the answer holds what is not YAML at all. A file that is JSON is
   * read as such, fifty times as fast, and as YAML only where something in it has to be found.
   */
  static read(declarative: DeclarativeFile): { sources: Source[]; problems: FileProblem[] } {
    const json = readJson(declarative.text);
    if (json) return { sources: [Source.ofJson(declarative, json.value)], problems: [] };
    try {
      return Source.readDocuments(declarative);
    } catch {
      // The parser walks by recursion, and a text of nothing but brackets exhausts the stack.
      return { sources: [], problems: [wholeFile(declarative.file, tooDeep)] };
    }
  }

  private static ofJson({ file, text }: DeclarativeFile, value: object): Source {
    let located: Located | undefined;
    const locate = (): Located => {
      const { documents, lines } = parse(text);
      return { document: documents[0]!, lines };
    };
    return new Source(
      file,
      () => (located ??= locate()),
      () => value,
    );
  }

  private static readDocuments({ file, text }: DeclarativeFile): { sources: Source[]; problems: FileProblem[] } {
    const { documents, lines } = parse(text);
    const sources = documents
      .filter(({ contents }) => contents !== null && !(isScalar(contents) && contents.value === null))
      .map(
        (document) =>
          new Source(
            file,
            () => ({ document, lines }),
            // Few aliases are followed, so that a small file cannot grow into a huge one.
            () => document.toJS({ maxAliasCount: 100 }) as unknown,
          ),
      );
    const problems = documents.flatMap(({ errors }) =>
      errors.map(({ message, pos }): FileProblem => ({ file, ...at(lines, pos[0]), field: '', message })),
    );
    return { sources, problems };
  }

  /** The document as plain values. */
  value(): { value: unknown } | { problem: FileProblem } {
    try {
      const value = this.plain();
      return isTooDeep(value) ? { problem: wholeFile(this.file, tooDeep) } : { value };
    } catch (error) {
      return { problem: wholeFile(this.file, (error as Error).message) };
    }
  }

  /** Puts a problem at its line: at the key when there is one, otherwise at the nearest thing around it. */
  locate({ path, message, mend }: Problem): FileProblem {
    const place = at(this.located().lines, this.offsetOf(path));
    return { file: this.file, ...place, field: fieldName(path), message, ...(mend !== undefined && { mend }) };
  }

  private offsetOf(path: Path): number {
    const { document } = this.located();
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

const parse = (text: string): { documents: Document.Parsed[]; lines: LineCounter } => {
  const lines = new LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, version: '1.2', merge: false } as const;
  return { documents: [...parseAllDocuments(text, options)], lines };
};

const at = (lines: LineCounter, offset: number): { line: number; column: number } => {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
};
