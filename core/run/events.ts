import type { NodeStatus } from './record';

/** What a run tells while it goes on. Times count from its start. */
export type RunEvent =
  | TextEvent
  | { readonly type: 'node.started'; readonly node: string; readonly startMs: number }
  /** A call met no copy and waits for one; told once for each wait. */
  | { readonly type: 'node.waiting'; readonly node: string; readonly component: string }
  | {
      readonly type: 'node.finished';
      readonly node: string;
      readonly status: NodeStatus;
      readonly startMs: number;
      readonly endMs: number;
    };

/** A part of the text of a node that streams; put together, the parts are its text. */
export interface TextEvent {
  readonly type: 'text';
  readonly node: string;
  readonly text: string;
}
