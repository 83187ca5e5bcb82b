import type { Template } from 'aws-cdk-lib/assertions';

export const methodsOf = (template: Template): any[] =>
  Object.values(template.findResources('AWS::ApiGateway::Method'));

/** Paths of resources by their ids, as in `/agents/support/runs`. */
export function pathsOf(template: Template): Map<string, string> {
  const resources = template.findResources('AWS::ApiGateway::Resource');
  const pathOf = (id: string): string => {
    const { PathPart, ParentId } = resources[id]!.Properties;
    return `${ParentId.Ref ? pathOf(ParentId.Ref) : ''}/${PathPart}`;
  };
  return new Map(Object.keys(resources).map((id) => [id, pathOf(id)]));
}

/** Properties of the method at a path. */
export function methodAt(template: Template, method: string, path: string): any {
  const paths = pathsOf(template);
  const found = methodsOf(template).find(
    ({ Properties }) => Properties.HttpMethod === method && paths.get(Properties.ResourceId.Ref) === path,
  );
  return found?.Properties;
}
