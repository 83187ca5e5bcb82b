import { type Codec, parseJson } from './codec';

/** The input as a JSON document, the output as another. */
export const json: Codec = {
  contentType: 'application/json',
  encode(input) {
    const document: string | undefined = JSON.stringify(input);
    if (document === undefined) throw new Error('expected a value that JSON can hold');
    return document;
  },
  decode: (body) => ({ output: parseJson(body) }),
};
