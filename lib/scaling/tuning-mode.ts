import type { TunerDeployment } from '../../core/scale/tuner-deployment';

/** Whether a tuner acts on what it decides. */
export class TuningMode {
  /** It changes policies and minimums. */
  public static readonly ACT = new TuningMode('act');
  /** It decides and writes the ledger, and may change nothing. */
  public static readonly DRY_RUN = new TuningMode('dry-run');
  /** It does nothing, from this deployment on. To stop it at once, and whatever is deployed, there is `compound tuner off`. */
  public static readonly OFF = new TuningMode('off');

  private constructor(
    /** As the tuner calls it. */
    public readonly name: TunerDeployment['mode'],
  ) {}

  /** Its name. */
  public toString(): string {
    return this.name;
  }
}
