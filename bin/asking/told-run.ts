import type { Progress } from '../progress';
import type { RunEvent } from './run-events';

/** Shows a run while it goes on: its text on standard output, everything else beside it. */
export class ToldRun {
  readonly #texts = new Map<string, string>();
  readonly #startMs = performance.now();
  #firstTextMs: number | undefined;
  #node: string | undefined;

  constructor(
    private readonly stdout: NodeJS.WritableStream,
    private readonly progress: Progress,
  ) {}

  text({ node, text }: Extract<RunEvent, { event: 'text' }>['data']): void {
    this.#firstTextMs ??= performance.now() - this.#startMs;
    // Whose text it is needs saying only where there is more than one.
    if (node !== this.#node && this.#texts.size > 0) this.stdout.write(`\n\n${node}: `);
    this.#node = node;
    this.#texts.set(node, (this.#texts.get(node) ?? '') + text);
    this.stdout.write(text);
  }

  heartbeat({ waitingFor, readyInMs }: Extract<RunEvent, { event: 'heartbeat' }>['data']): void {
    if (!waitingFor && readyInMs === undefined) return;
    const who = waitingFor ? `${waitingFor.join(', ')} ${waitingFor.length > 1 ? 'start' : 'starts'}` : 'models start';
    this.progress.line(readyInMs ? `${who}: about ${Math.ceil(readyInMs / 1000)} s left` : who);
  }

  /** The output is shown too if it says more than the text. */
  output({ runId, output }: Extract<RunEvent, { event: 'output' }>['data']): void {
    const [text, ...more] = this.#texts.values();
    if (text !== undefined) this.stdout.write('\n');
    if (text === undefined || more.length > 0 || output !== text) {
      this.stdout.write(`${JSON.stringify(output ?? null, null, 2)}\n`);
    }
    const first =
      this.#firstTextMs === undefined ? '' : `; the first text came after ${Math.round(this.#firstTextMs)} ms`;
    this.progress.line(`run ${runId} took ${Math.round(performance.now() - this.#startMs)} ms${first}`);
  }
}
