import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';

/** What a rule says of a resource, or what a construct says of such findings of its resources. */
export interface Finding {
  readonly path: string;
  readonly id: string;
}

/** What the packs find, apart from what is acknowledged. */
export function findingsIn(scope: IConstruct): Finding[] {
  return [new AwsSolutionsChecks(), new ServerlessChecks(), new NIST80053R5Checks()].flatMap((pack) =>
    pack
      .validateScope(scope)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map((resource) => ({ path: pathOf(resource), id: ruleName })),
      ),
  );
}

/** Takes all acknowledgements back, and says which there were. */
export function withdrawAcknowledgements(scope: IConstruct): Finding[] {
  return scope.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) =>
        Object.keys(data).map((key) => {
          delete data[key];
          return { path: node.path, id: key.replace(/^annotation::/i, '') };
        }),
      ),
  );
}

/** The acknowledgements that no finding needs, because there is none, or it is acknowledged nearer to the resource. */
export function staleAcknowledgements(acknowledged: readonly Finding[], findings: readonly Finding[]): Finding[] {
  const needed = new Set(
    findings.map(({ path, id }) => {
      const covering = acknowledged.filter((one) => one.id === id && isWithin(path, one.path));
      return covering.toSorted((a, b) => b.path.length - a.path.length)[0];
    }),
  );
  return acknowledged.filter((one) => !needed.has(one));
}

function isWithin(path: string, scope: string): boolean {
  return scope === '' || path === scope || path.startsWith(`${scope}/`);
}

/** cdk-nag names constructs, where the report of the CDK names resources of templates. */
function pathOf(resource: object): string {
  if ('constructPath' in resource && typeof resource.constructPath === 'string') return resource.constructPath;
  throw new Error(`a finding names no construct: ${JSON.stringify(resource)}`);
}
