import { type Markup, markup } from '../../../core/report/markup';

/** A drawing in SVG, made for a width in pixels. */
export interface Picture {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  /** What a reader sees in it, for those who do not see it. */
  readonly description: string;
  readonly draw: (width: number) => Drawing;
}

export interface Drawing {
  readonly height: number;
  readonly body: Markup;
}

/** Across the page. */
export const FULL_WIDTH = 880;
/** Two beside each other. */
export const PANEL_WIDTH = 440;
/** A phone. */
const PHONE_WIDTH = 340;

/** Drawings narrower than this put names above their rows. */
const ROOMY_WIDTH = 700;

export const isRoomy = (width: number) => width >= ROOMY_WIDTH;
export const isPhone = (width: number) => width <= PHONE_WIDTH;

/**
 * The picture twice, for a desk and for a phone: the style sheet shows the one that fits. Scaling one drawing to both
 * would make its text too small to read on a phone.
 */
export function picture(content: Picture, width: number): Markup {
  return markup`<div class="chart">${drawn(content, width, 'desk')}${drawn(content, PHONE_WIDTH, 'phone')}</div>`;
}

function drawn({ id, title, description, draw }: Picture, width: number, reader: string): Markup {
  const { height, body } = draw(width);
  const [titleId, descriptionId] = [`${id}-${reader}-title`, `${id}-${reader}-text`];
  return markup`<svg class="${reader}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${titleId} ${descriptionId}">
<title id="${titleId}">${title}</title><desc id="${descriptionId}">${description}</desc>
${body}</svg>`;
}
