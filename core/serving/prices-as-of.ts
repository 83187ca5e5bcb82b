/** Where a list of prices is from, and of when. */
export interface PriceSource {
  readonly url: string;
  /** The Region that the prices are of. */
  readonly region: string;
  /** Year and month. */
  readonly date: string;
}

/** As prices of bindings say it. */
export function sourceText({ url, region, date }: PriceSource): string {
  return `${url} (${region}, ${date})`;
}

/** Where the prices are from that this release fills in. */
export const PRICES_AS_OF: Readonly<Record<'instances' | 'customModelUnits', PriceSource>> = {
  instances: { url: 'https://aws.amazon.com/sagemaker/ai/pricing/', region: 'us-west-2', date: '2026-11' },
  customModelUnits: { url: 'https://aws.amazon.com/bedrock/pricing/', region: 'us-east-1', date: '2026-07' },
};
