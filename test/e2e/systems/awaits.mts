/** Loads by `import` only. */
export const answer = await Promise.resolve(42);
