import { LineFaults } from './line-faults';

/** A file of a trace that comes in several. */
export interface TraceTable {
  /** Its name, for messages. */
  readonly file: string;
  readonly lines: AsyncIterable<string>;
}

/** Reads a table line by line through the reader that its header makes; tells what became of bad lines. */
export async function readTable(
  { file, lines }: TraceTable,
  skipBad: boolean | undefined,
  ofHeader: (header: string) => (line: string) => void,
): Promise<LineFaults> {
  const faults = new LineFaults({ file, skipBad: skipBad === true });
  let reader: ((line: string) => void) | undefined;
  const read = (line: string) => {
    if (reader) reader(line);
    else reader = ofHeader(line);
  };
  for await (const line of lines) faults.read(line, read);
  return faults;
}
