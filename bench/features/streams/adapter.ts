/** Writes the parts of a text. */
export type Write = () => AsyncIterable<string>;

/** Reads the stream of a run whose one node passes on what is written; resolves when the run has ended. */
export type ReadRun = (read: (part: string) => void) => Promise<void>;

/** Runs a graph of three nodes once; answers what the last of them made of the parts. */
export type RunPipeline = () => Promise<readonly string[]>;

export interface StreamEngine {
  /** A graph of one node. */
  prepareStream(write: Write): ReadRun;
  /** A graph of a node that writes, and two that work on each part of what the one before has made. */
  preparePipeline(write: Write, work: (part: string) => Promise<string>): RunPipeline;
}
