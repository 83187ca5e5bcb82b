import { show } from '../../../core/graph/show';
import { BadLine } from './trace-error';

/** Reads the fields of the wanted columns out of a line, in the order in which they were asked for. */
export type RowReader = (line: string) => readonly string[];

/**
 * A reader of comma-separated lines under this header; the columns may come in any order, among others.
 *
 * @throws BadLine if the header lacks a column; the reader throws it if a line has fields too many or too few or quoted
 * ones, which the formats of traces do not have.
 */
export function rowReader(header: string, columns: readonly string[]): RowReader {
  const names = columnsOf(header);
  const positions = columns.map((column) => names.indexOf(column));
  const missing = columns.filter((_, i) => positions[i]! < 0);
  if (missing.length > 0) {
    throw new BadLine(
      `the header lacks ${missing.join(', ')}, it has: ${show(names.join(','))}`,
      `give the file a header with the columns ${columns.join(', ')}`,
      false,
    );
  }
  return (line) => {
    const fields = split(line);
    if (fields.length !== names.length) {
      throw new BadLine(`a line must have ${names.length} fields, got ${fields.length}: ${show(line)}`);
    }
    return positions.map((position) => fields[position]!);
  };
}

/** The names in a header. */
export function columnsOf(header: string): readonly string[] {
  return split(header);
}

function split(line: string): string[] {
  if (line.includes('"')) throw new BadLine(`quoted fields are not supported, got: ${show(line)}`, 'remove the quotes');
  return line.split(',').map((field) => field.trim());
}
