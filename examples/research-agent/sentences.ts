/** Where one ends: after its mark, if white space follows. Points inside numbers and names are none. */
const END = /[.!?]["')\]]*(?=\s)/;

/** Cuts a text into sentences, each as soon as it is known to have ended. Put together they are the text. */
export async function* sentences(parts: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let rest = '';
  for await (const part of parts) {
    rest += part;
    for (let end = END.exec(rest); end; end = END.exec(rest)) {
      const at = end.index + end[0].length;
      yield rest.slice(0, at);
      rest = rest.slice(at);
    }
  }
  if (rest.trim() !== '') yield rest;
}
