import { TEXT_PX, textWidth } from './text';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedLabel {
  readonly text: string;
  readonly box: Box;
  /** From the point that it names to the label; undefined where the label is so near that it is understood without. */
  readonly line: { readonly from: Point; readonly to: Point } | undefined;
}

/** Distances that are tried, the nearest first. */
const DISTANCES_PX = [9, 18, 30, 44, 60, 80, 104, 130];
const DIRECTIONS = 16;
const LINE_FROM_PX = 12;
/** A label may cover a little of what is there, or stand further off: as many square pixels as pixels. */
const PX_PER_PX = 0.3;
const GOOD_ENOUGH = 4;
/** A line is kept clear by boxes this far apart. */
const LINE_STEP_PX = 5;

/**
 * Places labels beside their points, one after another, each where it covers least of other labels, points, lines and
 * `taken`; of equal places the nearest. The first labels get the best places.
 */
export function placeLabels(
  labels: readonly { readonly text: string; readonly point: Point }[],
  frame: Box,
  taken: readonly Box[],
): PlacedLabel[] {
  const obstacles = [...taken, ...labels.map(({ point }) => around(point, 5))];
  const placed: PlacedLabel[] = [];
  for (const { text, point } of labels) {
    let best: { label: PlacedLabel; cost: number } | undefined;
    for (const distance of DISTANCES_PX) {
      for (const box of candidates(text, point, distance)) {
        if (!isInside(box, frame)) continue;
        const label = { text, box, line: distance > LINE_FROM_PX ? lineTo(box, point) : undefined };
        const lineCost = totalOverlap(
          boxesOf(label),
          placed.map((other) => other.box),
        );
        const cost = totalOverlap([box], obstacles) + lineCost + distance * PX_PER_PX;
        if (best === undefined || cost < best.cost) best = { label, cost };
      }
      if (best !== undefined && best.cost < GOOD_ENOUGH) break;
    }
    if (best !== undefined) {
      placed.push(best.label);
      obstacles.push(best.label.box, ...boxesOf(best.label));
    }
  }
  return placed;
}

/** Boxes all around the point, to the right of it first, which touch a circle of the given distance. */
function candidates(text: string, { x, y }: Point, distance: number): Box[] {
  const [width, height] = [textWidth(text), TEXT_PX + 2];
  return Array.from({ length: DIRECTIONS }, (_, i) => {
    const angle = (2 * Math.PI * i) / DIRECTIONS;
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    const left = x + dx * distance + ((dx - 1) / 2) * width;
    const top = y + dy * distance + ((dy - 1) / 2) * height;
    return { left, top, right: left + width, bottom: top + height };
  });
}

/** From the point to the nearest place of the box's nearer edge. */
function lineTo({ left, top, right, bottom }: Box, from: Point) {
  const x = Math.max(left + 4, Math.min(right - 4, from.x));
  return { from, to: { x, y: from.y > (top + bottom) / 2 ? bottom : top } };
}

/** Small boxes along the line of a label. */
function boxesOf({ line }: PlacedLabel): Box[] {
  if (line === undefined) return [];
  const { from, to } = line;
  const steps = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / LINE_STEP_PX);
  return Array.from({ length: steps }, (_, i) =>
    around({ x: from.x + ((to.x - from.x) * i) / steps, y: from.y + ((to.y - from.y) * i) / steps }, 2),
  );
}

function around({ x, y }: Point, radius: number): Box {
  return { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius };
}

function isInside(box: Box, frame: Box): boolean {
  return box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;
}

/** In square pixels. */
function totalOverlap(boxes: readonly Box[], others: readonly Box[]): number {
  let total = 0;
  for (const box of boxes) {
    for (const other of others) {
      if (box.right <= other.left || other.right <= box.left) continue;
      if (box.bottom <= other.top || other.bottom <= box.top) continue;
      const width = Math.min(box.right, other.right) - Math.max(box.left, other.left);
      const height = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
      total += width * height;
    }
  }
  return total;
}
