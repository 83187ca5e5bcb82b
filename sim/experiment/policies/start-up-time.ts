import type { ComponentModel, WorldModel } from '../../world/world-model';

/** Standard deviations above the mean: one start in a hundred takes longer. */
const LATE_Z = 2.33;

/** Seconds within which nearly every copy serves, on a new instance where its instances come and go. */
export function lateStartSeconds(component: Exclude<ComponentModel, { kind: 'tool' }>, { fleets }: WorldModel): number {
  const { stageSeconds, variation } = component.coldStart;
  const instance = component.kind === 'inference-component' ? fleets[component.fleet]!.instances[0]! : undefined;
  const hasImage = !instance || instance.imageCached;
  // Image and weights share the network: together they take the sum of what each takes alone.
  const stages = [
    { median: instance?.provisionSeconds ?? 0, variation: instance?.provisionVariation ?? 0 },
    { median: hasImage ? 0 : stageSeconds['image-pull'], variation },
    { median: stageSeconds['weights-download'], variation },
    { median: stageSeconds['container-init'], variation },
    { median: stageSeconds['engine-init'], variation },
  ];
  const means = stages.map(({ median, variation: cv }) => median * Math.sqrt(1 + cv ** 2));
  const variance = stages.reduce((sum, { variation: cv }, at) => sum + (means[at]! * cv) ** 2, 0);
  return means.reduce((sum, mean) => sum + mean, 0) + LATE_Z * Math.sqrt(variance);
}
