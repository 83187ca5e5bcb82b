/** Why a token is not let in. */
export class Refusal extends Error {
  public override readonly name = 'Refusal';

  /** @param known whether it is known who calls: then another token of the same kind would not help */
  constructor(
    message: string,
    public readonly known: boolean,
  ) {
    super(message);
  }
}
