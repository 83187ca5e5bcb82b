import fc from 'fast-check';
import { type Box, placeLabels } from '../../../../sim/report/chart/label-placement';

const FRAME: Box = { left: 0, top: 0, right: 800, bottom: 500 };

const overlap = (a: Box, b: Box) =>
  Math.min(a.right, b.right) > Math.max(a.left, b.left) && Math.min(a.bottom, b.bottom) > Math.max(a.top, b.top);

test('labels stay within the frame, wherever their points are', () => {
  const points = fc.record({ x: fc.integer({ min: 0, max: 800 }), y: fc.integer({ min: 0, max: 500 }) });
  fc.assert(
    fc.property(fc.array(points, { maxLength: 20 }), (all) => {
      const placed = placeLabels(
        all.map((point, i) => ({ text: `cell ${i}`, point })),
        FRAME,
        [],
      );

      expect(placed).toHaveLength(all.length);
      for (const { box } of placed) {
        expect(box.left >= 0 && box.top >= 0 && box.right <= 800 && box.bottom <= 500).toBe(true);
      }
    }),
    { numRuns: 50 },
  );
});

test('labels of points that share a place do not cover each other', () => {
  const labels = Array.from({ length: 8 }, (_, i) => ({ text: `modular+${i}`, point: { x: 400, y: 250 } }));
  const boxes = placeLabels(labels, FRAME, []).map(({ box }) => box);

  for (const [i, box] of boxes.entries()) expect(boxes.slice(i + 1).some((other) => overlap(box, other))).toBe(false);
});

test('a label alone is right beside its point, without a line', () => {
  const [label] = placeLabels([{ text: 'static', point: { x: 100, y: 100 } }], FRAME, []);

  expect(label).toMatchObject({ line: undefined, box: { left: 109 } });
});

test('a label gives way to what is there already, and a line leads to it', () => {
  const wall: Box = { left: 60, top: 60, right: 200, bottom: 140 };
  const [label] = placeLabels([{ text: 'static', point: { x: 100, y: 100 } }], FRAME, [wall]);

  expect(overlap(label!.box, wall)).toBe(false);
  expect(label!.line?.from).toEqual({ x: 100, y: 100 });
});
