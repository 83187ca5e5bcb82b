import type { Price } from '../../../core/graph/binding';
import { unitsPricePerHourUsd } from '../../../core/serving/custom-model-units';
import { PRICES_AS_OF, sourceText } from '../../../core/serving/prices-as-of';
import { known, type Report, show } from '../../private/checks';
import type { ImportedModelOptions } from '../imported-model-ref';

/** What calls of an imported model cost: as told, else by the units of its copies; undefined if neither is known. */
export function modelPrice({ price, customModelUnits, concurrencyPerCopy }: ImportedModelOptions): Price | undefined {
  const units = known(customModelUnits);
  if (price !== undefined || units === undefined) return price;
  return {
    perCopyHourUsd: unitsPricePerHourUsd(units),
    ...(concurrencyPerCopy !== undefined && { concurrencyPerCopy }),
    source: sourceText(PRICES_AS_OF.customModelUnits),
  };
}

export function checkModelPrice(options: ImportedModelOptions, report: Report): void {
  for (const field of ['customModelUnits', 'concurrencyPerCopy'] as const) {
    const value = known(options[field]);
    if (value === undefined || (value > 0 && value < Infinity)) continue;
    report('imported-model/copies', field, `must be a number above 0, got: ${show(value)}`);
  }
  if (options.concurrencyPerCopy !== undefined && options.customModelUnits === undefined) {
    report('imported-model/copies', 'concurrencyPerCopy', 'needs customModelUnits, which tell what a copy costs');
  }
}
