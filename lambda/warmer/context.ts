import type { WarmerConfig } from '../../core/warm';
import type { Board } from '../warm-board/board';
import type { ControlPlane } from './control-plane';
import type { Caller } from './first-call';
import type { Log } from './log';

/** Time as the warmer sees it. */
export interface WarmerTime {
  /** Milliseconds since 1970. */
  nowMs(): number;
  pause(ms: number): Promise<void>;
}

/** What the parts of the warmer share. */
export interface WarmerContext {
  readonly config: WarmerConfig;
  readonly board: Board;
  readonly plane: ControlPlane;
  readonly call: Caller;
  readonly time: WarmerTime;
  readonly log: Log;
  /** Whether the kill switch is off. */
  readonly isEnabled: boolean;
}
