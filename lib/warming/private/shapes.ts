import {
  anything,
  each,
  having,
  IS_ACTION,
  IS_REMOVAL_POLICY,
  list,
  needed,
  type Shape,
  shaped,
} from '../../private/shape';
import type { PrewarmingAlarmsProps } from '../prewarming-alarms';
import type { PrewarmedComponent, PrewarmingProps } from '../prewarming-props';

const PREWARMED_COMPONENT: Shape<PrewarmedComponent> = {
  component: needed(having('what an agent has in its components', 'bind')),
  pricePerCopyHour: anything,
  customModelUnits: anything,
  firstCall: each(anything),
  excluded: anything,
};

export const PREWARMING: Shape<PrewarmingProps> = {
  agents: needed(list(having('an Agent', 'graph', 'components'))),
  monthlyBudget: needed(anything),
  hourlyBudget: anything,
  policy: having('a WarmingPolicy, as WarmingPolicy.ENTRY is', 'name'),
  components: list(shaped(PREWARMED_COMPONENT)),
  maxSimultaneousWarms: anything,
  enabled: anything,
  removalPolicy: IS_REMOVAL_POLICY,
};

export const PREWARMING_ALARMS: Shape<PrewarmingAlarmsProps> = {
  prewarming: needed(having('a Prewarming', 'metrics')),
  actions: list(IS_ACTION),
  maxBudgetPercent: anything,
};
