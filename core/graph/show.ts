/** A value as an error message shows it: as JSON, or by its type if it has no JSON form. */
export function show(value: unknown): string {
  return toText(value).slice(0, 80);
}

function toText(value: unknown): string {
  // JSON has no word for NaN and Infinity.
  if (typeof value === 'number') return String(value);
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    // What was passed by mistake may hold itself, as clients of services do.
    return typeof value;
  }
}
