/** A tag before or behind reasoning. */
export interface Tag {
  /** In small letters. */
  readonly name: string;
  readonly isEnd: boolean;
}

const TAG = /^<(\/?)(think(?:ing)?)>$/;
const LONGEST = '</thinking>'.length;

/** Finds the tags around reasoning, in small and capital letters, in a text that comes character by character. */
export class TagReader {
  /** What may become a tag. */
  #read = '';

  /** The tag that ends with this character, if one does. */
  read(char: string): Tag | undefined {
    if (char === '<') this.#read = char;
    else if (this.#read && this.#read.length < LONGEST) this.#read += char;
    else this.#read = '';
    if (char !== '>') return undefined;
    const [, slash, name] = TAG.exec(this.#read.toLowerCase()) ?? [];
    this.#read = '';
    return name ? { name, isEnd: slash !== '' } : undefined;
  }
}
