import * as z from 'zod';

export const HEADING_SEPARATOR = ' > ';

/** A piece of documentation small enough to quote, with where it stands. */
export const Passage = z.object({
  id: z.string(),
  /** The file, as in `aws-cdk-lib/aws-s3/README.md`. */
  source: z.string(),
  /** The headings above it, as in `Permissions > Understanding "grant" Methods`. */
  heading: z.string(),
  text: z.string(),
});
export type Passage = z.infer<typeof Passage>;
