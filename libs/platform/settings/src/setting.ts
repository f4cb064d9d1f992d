import type { z } from 'zod';

/** How Corsac runs: everything in one process, or a process per service. */
export type Shape = 'embedded' | 'distributed';
export const shapes: readonly Shape[] = ['embedded', 'distributed'];

/** What every setting says of itself; the reader, the documentation and the tests all come from here. */
interface Declaration<Value> {
  readonly variable: string;
  /** Reads the text of the variable. Its message says what the text must be and is shown to whoever sets it. */
  readonly schema: z.ZodType<Value, string>;
  readonly meaning: string;
  readonly example?: string;
  /** Shapes that cannot start without it. */
  readonly required?: readonly Shape[];
  /** Never shown, not even when it is wrong. */
  readonly secret?: true;
  /** Why the fallback is right on a developer's machine only; told at start while it is in use. */
  readonly unsafe?: string;
}

/** A setting that always has a value. */
export interface CertainSetting<Value> extends Declaration<Value> {
  /** Text taken when the variable is not set. */
  readonly fallback: string | Readonly<Record<Shape, string>>;
}

/** A setting that may be without a value. */
export interface OpenSetting<Value> extends Declaration<Value> {
  readonly fallback?: undefined;
}

export type Setting<Value> = CertainSetting<Value> | OpenSetting<Value>;

/** Declares a setting with a fallback. */
export const setting = <Value>(declaration: CertainSetting<Value>): CertainSetting<Value> => declaration;
/** Declares a setting that may be unset. */
export const openSetting = <Value>(declaration: OpenSetting<Value>): OpenSetting<Value> => declaration;

/** The text taken in a shape when the variable is not set. */
export const fallbackIn = ({ fallback }: Setting<unknown>, shape: Shape): string | undefined =>
  typeof fallback === 'object' ? fallback[shape] : fallback;
