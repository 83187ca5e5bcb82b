export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: (Element | string)[];
}

const TAG = /<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/y;
const ATTRIBUTE = /([\w:-]+)="([^"<]*)"/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/**
 * Parses as much of XML as a page needs: elements, quoted attributes, five entities.
 *
 * @throws SyntaxError at the first place that is not well-formed.
 */
export function parseXml(text: string): Element {
  const root: Element = { name: '', attributes: new Map(), children: [] };
  const open = [root];
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf('<', at);
    const end = next === -1 ? text.length : next;
    if (end > at) open.at(-1)!.children.push(decoded(text.slice(at, end)));
    if (next === -1) break;

    TAG.lastIndex = next;
    const tag = TAG.exec(text);
    if (tag === null) throw new SyntaxError(`no tag: ${text.slice(next, next + 80)}`);
    const [whole, isClosing, name, attributes, isEmpty] = tag as unknown as [string, string, string, string, string];
    if (isClosing) {
      if (open.pop()!.name !== name) throw new SyntaxError(`</${name}> closes another element`);
    } else {
      const element: Element = { name, attributes: attributesOf(attributes), children: [] };
      open.at(-1)!.children.push(element);
      if (!isEmpty) open.push(element);
    }
    at = next + whole.length;
  }
  if (open.length !== 1) throw new SyntaxError(`<${open.at(-1)!.name}> is not closed`);
  return root;
}

/** All elements of a name, in the order of the page. */
export function elementsOf(element: Element, name: string): Element[] {
  return element.children.flatMap((child) =>
    typeof child === 'string' ? [] : [...(child.name === name ? [child] : []), ...elementsOf(child, name)],
  );
}

/** The text of an element and all within it. */
export function textOf(element: Element): string {
  return element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}

export function hasClass(element: Element, name: string): boolean {
  return (element.attributes.get('class') ?? '').split(' ').includes(name);
}

function attributesOf(text: string): Map<string, string> {
  const pairs = [...text.matchAll(ATTRIBUTE)].map(([, name, value]) => [name!, decoded(value!)] as const);
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) throw new SyntaxError(`twice the same:${text}`);
  return new Map(pairs);
}

function decoded(text: string): string {
  return text.replace(/&([^;]{0,6});?/g, (whole, name: string) => {
    const character = ENTITIES[name];
    if (character === undefined) throw new SyntaxError(`no entity: ${whole}`);
    return character;
  });
}
