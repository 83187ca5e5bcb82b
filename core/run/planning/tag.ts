/** Finds a tag in a text that comes character by character. */
export class Tag {
  #found = 0;

  /** @param tag whose first character is not in it again */
  constructor(private readonly tag: string) {}

  /** Whether the tag ends with this character. */
  endsWith(char: string): boolean {
    if (char === this.tag[this.#found]) this.#found++;
    else this.#found = char === this.tag[0] ? 1 : 0;
    if (this.#found < this.tag.length) return false;
    this.#found = 0;
    return true;
  }
}
