import { STYLE } from '../../../sim/report/style';

const [LIGHT, DARK] = [...STYLE.markup.matchAll(/:root \{([^}]*)\}/g)].map(
  ([, rules]) =>
    new Map([...rules!.matchAll(/--([\w-]+): (#[0-9a-f]{6})\b/g)].map(([, name, colour]) => [name!, colour!])),
);

/** Relative luminance and contrast of WCAG 2.2. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].toSorted((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe.each([
  ['light', LIGHT!],
  ['dark', DARK!],
])('%s', (_, colours) => {
  test.each(['text', 'minor', 'link', 'good', 'bad'])('the text colour %s is legible', (name) => {
    expect(contrast(colours.get(name)!, colours.get('page')!)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['text', 'minor'])('the text colour %s is legible on raised ground', (name) => {
    expect(contrast(colours.get(name)!, colours.get('raised')!)).toBeGreaterThanOrEqual(4.5);
  });

  test('a caution is legible', () => {
    expect(contrast(colours.get('text')!, colours.get('caution')!)).toBeGreaterThanOrEqual(4.5);
  });

  const marks = ['side0', 'side1', 'side2', 'side3', 'part0', 'part1', 'part2', 'part3', 'part4'];
  test.each(marks)('the mark colour %s stands out', (name) => {
    expect(contrast(colours.get(name)!, colours.get('page')!)).toBeGreaterThanOrEqual(3);
  });
});
