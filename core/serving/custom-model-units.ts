/**
 * What a custom model unit of an imported model costs in a minute, in US dollars.
 *
 * Version 1.0 of the unit, us-east-1 and us-west-2, on demand (https://aws.amazon.com/bedrock/pricing/), July 2026. Other Regions
 * differ, as do the models of OpenAI, which have version 2.0.
 */
const UNIT_PRICE_PER_MINUTE_USD = 0.05718;

const MINUTES_PER_HOUR = 60;

/** What an hour of a copy of an imported model costs that has so many units, in US dollars. */
export function unitsPricePerHourUsd(customModelUnits: number): number {
  return customModelUnits * UNIT_PRICE_PER_MINUTE_USD * MINUTES_PER_HOUR;
}
