/** How a model writes. */
export interface Pace {
  readonly firstMs: number;
  readonly gapMs: number;
  readonly tokens: number;
}

/** As a word in a URL: `10-4-20` stands for the first token after 10 ms, one every 4 ms then, and 20 in all. */
export function paceWord({ firstMs, gapMs, tokens }: Pace): string {
  return `${firstMs}-${gapMs}-${tokens}`;
}

export function paceIn(url: string): Pace {
  const [, firstMs, gapMs, tokens] = /(\d+)-(\d+)-(\d+)/.exec(url)!.map(Number);
  return { firstMs: firstMs!, gapMs: gapMs!, tokens: tokens! };
}

/** What is written to one who asks. That it tells who asked and where it stands shows whether an answer is whole and right. */
export function token(asked: string, i: number): string {
  return `${asked}.${i} `;
}
