/** A text that is no plan, or not within its limits: no more of it is worth reading. */
export class PlanTextError extends Error {}
