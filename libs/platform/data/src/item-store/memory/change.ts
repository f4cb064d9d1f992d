/**
 * What a step did to a store, as one line of JSON. Each says how a thing stands now and not how it came there, so that a change
 * that is read twice does no harm:
 * - `["value", key, version, until_ms, value]` and `["spent", key, version, until_ms, mark]`, `["gone", key]`
 * - `["count", key, count, until_ms]`
 * - `["member", index, member, until_ms]`, `["no member", index, member]`
 * - `["due", index, member, due_at]`, `["not due", index, member]`
 */
export type Change =
  | readonly ['value', string, string, number, object]
  | readonly ['spent', string, string, number, string]
  | readonly ['gone', string]
  | readonly ['count', string, number, number]
  | readonly ['member', string, string, number]
  | readonly ['no member', string, string]
  | readonly ['due', string, string, number]
  | readonly ['not due', string, string];

/** The line of a value that is already JSON: it goes in as it is. */
export const valueLine = (key: string, version: string, until_ms: number, json: string): string =>
  `["value",${JSON.stringify(key)},"${version}",${until_ms},${json}]`;

/** The line of any other change. */
export const lineOf = (change: Exclude<Change, readonly ['value', ...unknown[]]>): string => JSON.stringify(change);

/** Reads a line that this file wrote. */
export const changeOf = (line: string): Change => JSON.parse(line) as Change;
