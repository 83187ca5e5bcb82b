/** For engines whose nodes hand each other whole values. */
export async function collect(parts: AsyncIterable<string>): Promise<string[]> {
  const collected: string[] = [];
  for await (const part of parts) collected.push(part);
  return collected;
}

/** One after another, as a node that reads a stream does it. */
export async function workOnEach(parts: readonly string[], work: (part: string) => Promise<string>): Promise<string[]> {
  const done: string[] = [];
  for (const part of parts) done.push(await work(part));
  return done;
}
