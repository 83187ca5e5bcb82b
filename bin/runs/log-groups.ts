import { type CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';

/** Groups of the functions of a local stack, and of functions that make their own. */
const FUNCTION_GROUPS = '/aws/lambda/';

/** How CloudFormation goes on after the name of a stack: with a logical id and a random part, which have no hyphens. */
const REST_OF_NAME = /^-[A-Za-z0-9]+-[A-Za-z0-9]+$/;

/** The log groups of all agents of a local stack. */
export function localLogGroups(client: CloudWatchLogsClient): Promise<string[]> {
  return namesWith(client, FUNCTION_GROUPS);
}

/**
 * The log groups of a stack of CloudFormation, and of its functions, by the names that CloudFormation makes
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-supplemental.html). Those of stacks whose names begin alike,
 * such as `Shop-Test` beside `Shop`, are not among them.
 */
export async function stackLogGroups(client: CloudWatchLogsClient, stack: string): Promise<string[]> {
  const starts = [stack, `${FUNCTION_GROUPS}${stack}`];
  const names = await Promise.all(
    starts.map(async (start) => {
      const found = await namesWith(client, `${start}-`);
      return found.filter((name) => REST_OF_NAME.test(name.slice(start.length)));
    }),
  );
  return names.flat();
}

async function namesWith(client: CloudWatchLogsClient, logGroupNamePrefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, { logGroupNamePrefix })) {
    names.push(...logGroups.flatMap(({ logGroupName }) => logGroupName ?? []));
  }
  return names;
}
