/** There is no plan for what was asked; the message says why, and what would help. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
}
