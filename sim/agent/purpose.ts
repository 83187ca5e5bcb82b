/** What a number is drawn for: each purpose has numbers of its own. */
export const Purpose = {
  branch: 0,
  items: 1,
  prompt: 2,
  output: 3,
  /** Which copy takes a call, or how long a tool takes. */
  serving: 4,
  /** The same of a second try. */
  hedge: 5,
  /** With which of several beginnings a prompt begins. */
  prefix: 6,
  /** Delays between tries; the try is added. */
  delay: 16,
} as const;
