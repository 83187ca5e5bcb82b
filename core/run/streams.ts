import type { ChatAnswer } from '../graph/chat';
import type { NodeDefinition } from '../graph/definition';
import { callerStreams, isStreaming } from '../graph/stream';
import { CallError } from './errors';
import { Pipe } from './pipe';

const OVER = new CallError('failed', 'nobody waits for what the node reads any more');

/** Of each node that streams, by position, who reads it. */
export type StreamPlan = ReadonlyMap<number, StreamReaders>;

interface StreamReaders {
  /** Positions of the nodes that do. */
  readonly nodes: readonly number[];
  readonly isForCaller: boolean;
}

/** Undefined if no node streams. */
export function streamPlanOf(
  nodes: readonly NodeDefinition[],
  position: ReadonlyMap<string, number>,
): StreamPlan | undefined {
  if (!nodes.some(isStreaming)) return undefined;
  const plan = new Map<number, { nodes: number[]; isForCaller: boolean }>();
  const forCaller = new Set(callerStreams(nodes));
  nodes.forEach((node, at) => {
    if (isStreaming(node)) plan.set(at, { nodes: [], isForCaller: forCaller.has(node.id) });
    for (const read of node.reads ?? []) plan.get(position.get(read)!)!.nodes.push(at);
  });
  return plan;
}

/** What the nodes of a run pass on before they end. */
export class Streams {
  /** By node and reader; there once the node has begun. */
  readonly #pipes = new Map<number, Map<number, Pipe<unknown>>>();
  /** Nodes of which something has been passed on. */
  readonly #told = new Set<number>();

  constructor(
    private readonly nodes: readonly NodeDefinition[],
    private readonly plan: StreamPlan,
    /** Takes texts for the caller. */
    private readonly tell: ((at: number, text: string) => void) | undefined,
  ) {}

  /** Whether anybody listens to a node. */
  isHeard(at: number): boolean {
    const readers = this.plan.get(at);
    return readers !== undefined && (readers.nodes.length > 0 || (readers.isForCaller && this.tell !== undefined));
  }

  /** Whether other nodes read a node. */
  isRead(at: number): boolean {
    return (this.plan.get(at)?.nodes.length ?? 0) > 0;
  }

  /** A node has begun: the nodes that read it come back. */
  open(at: number): readonly number[] {
    const readers = this.plan.get(at)?.nodes ?? [];
    this.#pipes.set(at, new Map(readers.map((reader) => [reader, pipeFor(this.nodes[at]!)])));
    return readers;
  }

  /** Whether a node has been told that another has begun, and so does not wait for its end. */
  isOpen(at: number, reader: number): boolean {
    return this.#pipes.get(at)?.has(reader) === true;
  }

  push(at: number, chunk: unknown): void {
    this.#told.add(at);
    for (const pipe of this.#pipes.get(at)?.values() ?? []) pipe.push(chunk);
    if (this.plan.get(at)?.isForCaller && typeof chunk === 'string') this.tell?.(at, chunk);
  }

  /** What a node reads of another; `value` is what stands in for one that never began. */
  read(at: number, reader: number, value: unknown): AsyncIterable<unknown> {
    const pipe = this.#pipes.get(at)?.get(reader);
    if (pipe) return pipe;
    const whole = pipeFor(this.nodes[at]!);
    for (const chunk of chunksOf(value)) whole.push(chunk);
    whole.end();
    return whole;
  }

  /** A node has ended, having passed all of its value on. */
  end(at: number): void {
    for (const pipe of this.#pipes.get(at)?.values() ?? []) pipe.end();
  }

  /** A value stands in for that of a node: for its stream too, unless a part of another has been passed on. */
  standIn(at: number, value: unknown, error: unknown): void {
    if (!this.isHeard(at)) return;
    if (this.#told.has(at)) {
      this.fail(at, error);
      return;
    }
    for (const chunk of chunksOf(value)) this.push(at, chunk);
    this.end(at);
  }

  fail(at: number, error: unknown): void {
    for (const pipe of this.#pipes.get(at)?.values() ?? []) pipe.fail(error);
  }

  /** A reader has ended: what it may still wait for does not come. */
  leave(reader: number): void {
    for (const readers of this.#pipes.values()) readers.get(reader)?.fail(OVER);
  }

  /** The run is over. */
  close(): void {
    for (const at of this.#pipes.keys()) this.fail(at, OVER);
  }
}

/** Parts of a text that wait are joined; what a map answers and a function yields stays as it is. */
function pipeFor({ kind }: NodeDefinition): Pipe<unknown> {
  return kind === 'call' ? (new Pipe<string>((first, second) => first + second) as Pipe<unknown>) : new Pipe();
}

/** The parts of a value that comes whole: a list, or the text of a chat model. */
function chunksOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const text = (value as ChatAnswer | undefined)?.text;
  return text ? [text] : [];
}
