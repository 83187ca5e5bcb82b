import { AwsError } from './http';
import type { LocalAws } from './local-aws';
import type { ServiceName } from './service-name';

/** A service whose operations share one path and are told apart by a header. */
export interface RpcService {
  /** As faults name it. */
  readonly name: ServiceName;
  /** Before the name of an operation in the header, as in `SageMaker.DescribeEndpoint`. */
  readonly targetPrefix: string;
  readonly operations: ReadonlyMap<string, (aws: LocalAws, input: RpcInput) => object>;
  /** What the service makes of a value that cannot be: its operations throw a RangeError. */
  readonly rangeError: (message: string) => AwsError;
}

export type RpcInput = Readonly<Record<string, unknown>>;

export const exception = (code: string, message: string, status = 400, members: object = {}) =>
  new AwsError(status, code, { __type: code, message, ...members });
