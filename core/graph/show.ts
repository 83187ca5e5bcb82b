/** A value as an error message shows it. JSON has no word for NaN, a function and the like. */
export function show(value: unknown): string {
  const hasJson = typeof value === 'string' || (typeof value === 'object' && value !== null);
  return hasJson ? JSON.stringify(value).slice(0, 80) : String(value);
}
