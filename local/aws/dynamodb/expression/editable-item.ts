import type { AttributeValue, Item } from '../attribute-value';
import type { DocumentPath } from '../document-path';
import { validationException } from '../validation-exception';

type Editable = { M?: Record<string, AttributeValue>; L?: AttributeValue[] };

/** A copy of an item that is changed in place. Positions in lists mean the list as it was before the first change. */
export class EditableItem {
  readonly #root: { readonly M: Record<string, AttributeValue> };
  readonly #appended: { readonly list: AttributeValue[]; readonly at: number; readonly value: AttributeValue }[] = [];
  readonly #removed = new Map<AttributeValue[], Set<number>>();

  constructor(item: Item) {
    this.#root = { M: structuredClone(item) as Record<string, AttributeValue> };
  }

  /** @throws AwsError if there is nothing to hold the value */
  set(path: DocumentPath, value: AttributeValue): void {
    const { M: map, L: list } = this.#holderOf(path);
    const last = path.at(-1)!;
    // A value of the request may land at two places, and then be changed at one of them.
    const copy = structuredClone(value);
    if (typeof last === 'string' && map) map[last] = copy;
    else if (typeof last === 'number' && list) {
      if (last < list.length) list[last] = copy;
      else this.#appended.push({ list, at: last, value: copy });
    } else throw invalidPath();
  }

  /** @throws AwsError if there is nothing that could hold the value */
  remove(path: DocumentPath): void {
    const { M: map, L: list } = this.#holderOf(path);
    const last = path.at(-1)!;
    if (typeof last === 'string' && map) delete map[last];
    else if (typeof last === 'number' && list) {
      this.#removed.set(list, (this.#removed.get(list) ?? new Set()).add(last));
    } else throw invalidPath();
  }

  finish(): Item {
    for (const [list, positions] of this.#removed) {
      const kept = list.filter((_, at) => !positions.has(at));
      list.splice(0, list.length, ...kept);
    }
    // Beyond the end of a list: in the order of their positions, without holes.
    for (const { list, value } of this.#appended.toSorted((a, b) => a.at - b.at)) list.push(value);
    return this.#root.M;
  }

  #holderOf(path: DocumentPath): Editable {
    let holder: Editable = this.#root;
    for (const step of path.slice(0, -1)) {
      const next = typeof step === 'number' ? holder.L?.[step] : ownOf(holder.M, step);
      if (!next) throw invalidPath();
      holder = next as Editable;
    }
    return holder;
  }
}

function ownOf(map: Record<string, AttributeValue> | undefined, name: string): AttributeValue | undefined {
  return map && Object.hasOwn(map, name) ? map[name] : undefined;
}

function invalidPath() {
  return validationException('The document path provided in the update expression is invalid for update');
}
