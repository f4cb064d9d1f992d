const inCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/**
 * A Markdown table with even columns.
 * @param head one text per column
 * @param rows cells in the order of the head; bars in them are escaped
 */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const cells = [head, ...rows.map((row) => row.map(inCell))];
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [first = [], ...rest] = cells;
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
};
