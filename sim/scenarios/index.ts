import type { Scenario } from '../experiment/scenario';
import { occasional } from './occasional';
import { regions } from './regions';
import { review } from './review';
import { support } from './support';

/** The scenarios that come with the package, by name. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = { support, occasional, review, regions };
