import type { ControlPlane } from './control-plane';
import { importName } from './naming';
import type { ImportProperties, PendingRequest } from './requests';

/** Gives a model the tags of its resource, and takes away those that the resource had before. Other tags stay. */
export async function syncTags(
  plane: ControlPlane,
  request: PendingRequest<ImportProperties>,
  modelArn?: string,
): Promise<void> {
  if (modelArn === undefined) return;
  const { ResourceProperties: properties, OldResourceProperties: old } = request;
  const tags = properties.Tags ?? [];
  if (tags.length > 0) await plane.tag(modelArn, tags);

  if (!old || importName(request, old) !== importName(request, properties)) return;
  const kept = new Set(tags.map(({ key }) => key));
  const removed = (old.Tags ?? []).map(({ key }) => key!).filter((key) => !kept.has(key));
  if (removed.length > 0) await plane.untag(modelArn, removed);
}
