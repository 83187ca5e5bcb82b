/** The lines of a text that comes in chunks, without their ends (`\n` or `\r\n`) and without a byte order mark. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncIterable<string> {
  let rest = '';
  let isFirst = true;
  for await (const chunk of chunks) {
    const [head = '', ...lines] = (isFirst ? chunk.replace(/^\uFEFF/, '') : chunk).split('\n');
    isFirst &&= chunk === '';
    rest += head;
    for (const line of lines) {
      yield withoutReturn(rest);
      rest = line;
    }
  }
  if (rest !== '') yield withoutReturn(rest);
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
