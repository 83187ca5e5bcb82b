import type { WarmPolicyName } from '../../core/warm';

/** What a warmer does. Each decision weighs what it saves against what it costs. */
export class WarmingPolicy {
  /** When a run begins, starts every cold component that the run is likely to call: cold starts go on side by side. */
  public static readonly ENTRY = new WarmingPolicy('entry');
  /** Keeps components after a call for as long as another is likely, and has periodic ones back in time. */
  public static readonly KEEP_ALIVE = new WarmingPolicy('keepAlive');
  /** `ENTRY` and `KEEP_ALIVE`. */
  public static readonly ENTRY_KEEP_ALIVE = new WarmingPolicy('entryKeepAlive');
  /** `ENTRY_KEEP_ALIVE`, and the copies that a forecast by hour of the week asks for. */
  public static readonly ENTRY_FORECAST = new WarmingPolicy('entryForecast');

  private constructor(
    /** As the warmer calls it. */
    public readonly name: WarmPolicyName,
  ) {}

  /** Its name. */
  public toString(): string {
    return this.name;
  }
}
