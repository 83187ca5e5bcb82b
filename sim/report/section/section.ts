import { type Content, type Markup, markup } from '../../../core/report/markup';

/** A part of the page, under its own heading. */
export interface Section {
  /** Anchor of the heading. */
  readonly id: string;
  readonly title: string;
  readonly body: Content;
}

/** What stands in place of a section for which the run has no data. */
export function absent(reason: string): Markup {
  return markup`<p class="absent">${reason}</p>`;
}

/** A chart with what has to be said about it. */
export function figure(caption: Content, ...content: Content[]): Markup {
  return markup`<figure>${content}<figcaption>${caption}</figcaption></figure>`;
}

/** Charts beside each other where there is room. */
export function panels(content: Content): Markup {
  return markup`<div class="panels">${content}</div>`;
}

/** The numbers behind a chart, folded away. */
export function numbers(content: Markup): Markup {
  return markup`<details><summary>The numbers</summary>${content}</details>`;
}
