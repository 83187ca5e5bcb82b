import { anything, duration, having, IS_ACTION, list, needed, type Shape, shaped, text } from '../../private/shape';
import type { PolicyTunerProps, TunedComponentOptions, TuningMechanisms } from '../policy-tuner-props';
import type { CopySchedule, ScalableCopiesProps } from '../scalable-copies';
import type { TunerAlarmsProps } from '../tuner-alarms';

export const COPY_SCALING: Shape<ScalableCopiesProps> = {
  min: needed(anything),
  max: needed(anything),
  targetConcurrency: needed(anything),
  scaleOutCooldown: duration,
  scaleInCooldown: duration,
  inferenceComponentName: needed(text),
  initialCopies: anything,
};

export const COPY_SCHEDULE: Shape<CopySchedule> = {
  schedule: needed(having('a Schedule, as in Schedule.cron(...)', 'expressionString')),
  timeZone: having('a TimeZone, as TimeZone.ETC_UTC is', 'timezoneName'),
  min: anything,
  max: anything,
};

const TUNED_COMPONENT: Shape<TunedComponentOptions> = {
  component: needed(having('an InferenceComponent', 'node')),
  minTarget: anything,
  maxTarget: anything,
  pricePerCopyHour: anything,
  objective: duration,
  acknowledgedAt: text,
};

const MECHANISMS: Shape<TuningMechanisms> = { targets: anything, forecastFloor: anything, burstGuard: anything };

export const TUNER: Shape<PolicyTunerProps> = {
  agents: needed(list(having('an Agent', 'graph', 'components'))),
  mode: having('a TuningMode, as TuningMode.ACT is', 'name'),
  components: list(shaped(TUNED_COMPONENT)),
  mechanisms: shaped(MECHANISMS),
  ledgerRetention: duration,
  removalPolicy: anything,
};

export const TUNER_ALARMS: Shape<TunerAlarmsProps> = {
  tuner: needed(having('a PolicyTuner', 'agents')),
  actions: list(IS_ACTION),
};
