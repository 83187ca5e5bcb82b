import { ReviewRequest, type Skipped, type SourceFunction, type Split } from './schemas';
import { functionsIn } from './syntax/functions';
import { parseFile } from './syntax/parse';

/** Larger files are bundles and generated code, which nobody reviews. */
const MAX_FILE_CHARS = 1_000_000;

/** About 10 000 tokens: what a small model can still read with care. */
const MAX_FUNCTION_CHARS = 30_000;

/** The Lambda function behind the tool `splitter`: cuts files into functions; what it cannot cut it reports. */
export async function handler(event: unknown): Promise<Split> {
  const { files } = ReviewRequest.parse(event);
  const splits = files.map(({ path, source }) => splitFile(path, source));
  return {
    functions: splits.flatMap(({ functions }) => functions),
    skipped: splits.flatMap(({ skipped }) => skipped),
  };
}

function splitFile(path: string, source: string): Split {
  if (source.length > MAX_FILE_CHARS) return skip(path, tooLong('the file', source, MAX_FILE_CHARS));
  try {
    return split(path, source);
  } catch (error) {
    if (error instanceof RangeError) return skip(path, 'the source is nested too deep to be read');
    return skip(path, error instanceof Error ? error.message : String(error));
  }
}

function split(path: string, source: string): Split {
  const functions: SourceFunction[] = [];
  const skipped: Skipped[] = [];
  for (const { name, node } of functionsIn(parseFile(path, source))) {
    const text = source.slice(node.start!, node.end!);
    if (text.length > MAX_FUNCTION_CHARS) skipped.push({ path, reason: tooLong(name, text, MAX_FUNCTION_CHARS) });
    else functions.push({ path, name, startLine: node.loc!.start.line, endLine: node.loc!.end.line, source: text });
  }
  return { functions, skipped };
}

const skip = (path: string, reason: string): Split => ({ functions: [], skipped: [{ path, reason }] });

const tooLong = (what: string, text: string, limit: number) =>
  `${what} is too long to review: ${text.length} characters, at most ${limit}`;
