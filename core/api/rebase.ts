/** The schema with its references, which count from its own root, counting from the root of a document that has it `at` a place. */
export function rebase<T>(schema: T, at: string): T {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map((part) => rebase(part, at)) as T;
  return Object.fromEntries(
    Object.entries(schema).map(([key, part]) =>
      key === '$ref' && typeof part === 'string' ? [key, part.replace(/^#/, at)] : [key, rebase(part, at)],
    ),
  ) as T;
}
