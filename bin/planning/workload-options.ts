import { readNumber, UsageError } from '../usage';

export interface WorkloadOptions {
  /** Leave out lines of a trace that are no good. */
  readonly skipBad: boolean;
  /** Requests per second to scale to, the mean of the whole. @default as they are */
  readonly ratePerSecond?: number;
  /** Whose requests to draw, where there are several: in tables of ServeGen. */
  readonly model?: string;
}

/** Of the options of a command. @throws UsageError */
export function workloadOptions(values: {
  readonly rate?: string | undefined;
  readonly model?: string | undefined;
  readonly 'skip-bad': boolean;
}): WorkloadOptions {
  const { rate, model } = values;
  return {
    skipBad: values['skip-bad'],
    ...(rate !== undefined && {
      ratePerSecond: readNumber(
        '--rate',
        rate,
        (n) => n > 0 && n < Infinity,
        'a number of requests per second above 0',
      ),
    }),
    ...(model !== undefined && { model }),
  };
}

/** Runs what scales a workload, whose faults are those of `--rate`. @throws UsageError */
export async function inRate<T>(scale: () => T | Promise<T>): Promise<T> {
  try {
    return await scale();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--rate does not suit the workload: ${error.message}`);
    throw error;
  }
}
