import fc from 'fast-check';
import type { AwaitProperties, ImportProperties } from '../../lambda/importer/requests';
import {
  type Answer,
  type Delivery,
  Deployment,
  POLL_SECONDS,
  WAIT_SECONDS,
  WRITER,
} from '../lambda/importer/cloudformation';

/** Between two looks: two of the framework's, of which most see that nothing has changed. */
const LOOK_SECONDS = 2 * POLL_SECONDS;

const MADE_UP = 'support-Writer-1KJ3H4G5F6D7S';

/** What happens to one operation on the stack. */
interface Step {
  readonly action: 'deploy' | 'destroy';
  readonly version: number;
  /** Of the longest that a failed deployment can undo. */
  readonly importPercent: number;
  /** The import fails. */
  readonly importFails: boolean;
  /** Another resource of the stack fails after this one. */
  readonly othersFail: boolean;
  /** Another resource fails after so many looks, and CloudFormation forgets the request. */
  readonly forgottenAfter?: number;
  /** Which request is forgotten: that of the model, or of a resource that goes on waiting for it. */
  readonly forgottenIn: number;
  /** How often the request is delivered. */
  readonly deliveries: number;
  /** Whether CloudFormation learns the physical id of an update that fails. */
  readonly learnsId: boolean;
  /** Service errors on the way. */
  readonly hiccups: readonly ('CreateModelImportJob' | 'GetModelImportJob' | 'DeleteImportedModel')[];
  /** The answer to the first `CreateModelImportJob` is lost. */
  readonly losesAnswer: boolean;
}

const WAIT_MINUTES = WAIT_SECONDS / 60;

/** Less than a deletion waits, by the time that failures on the way take. */
const DELETABLE_MINUTES = WAIT_MINUTES - 10;

const step: fc.Arbitrary<Step> = fc.record({
  action: fc.constantFrom('deploy', 'deploy', 'deploy', 'destroy'),
  version: fc.integer({ min: 1, max: 3 }),
  importPercent: fc.integer({ min: 0, max: 100 }),
  importFails: fc.boolean(),
  othersFail: fc.boolean(),
  forgottenAfter: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
  forgottenIn: fc.nat(2),
  deliveries: fc.integer({ min: 1, max: 2 }),
  learnsId: fc.boolean(),
  hiccups: fc.array(fc.constantFrom('CreateModelImportJob', 'GetModelImportJob', 'DeleteImportedModel'), {
    maxLength: 4,
  }),
  losesAnswer: fc.boolean(),
});

/** A resource as CloudFormation knows it. */
interface Resource {
  readonly physicalId: string;
  readonly properties: ImportProperties | AwaitProperties;
}

/** The resources that are deployed, the model first, and then those that go on waiting for it. */
interface Deployed {
  readonly resources: readonly Resource[];
  readonly arn: string;
}

/** How far a deployment came. */
interface Attempt {
  readonly resources: Resource[];
  /** None if it failed. */
  arn?: string;
}

/** A stack with one imported model, as CloudFormation would handle it, with all that may go wrong. */
class Stack {
  current?: Deployed;
  /** Deliveries that nobody listens to any more, but that still run. */
  readonly #strays: Delivery[] = [];

  /** @param waits how many resources go on waiting */
  constructor(
    private readonly deployment: Deployment,
    private readonly waits: number,
  ) {}

  async take(step: Step): Promise<void> {
    const { plane } = this.deployment;
    plane.setImports({
      seconds: this.#importMinutes(step) * 60,
      failure: step.importFails ? 'not safetensors' : undefined,
    });
    for (const operation of step.hiccups) plane.refuseNext(operation, 429, 'ThrottlingException', 'slow down');
    if (step.losesAnswer) plane.loseNextAnswer();
    if (step.action === 'destroy') await this.#destroy();
    else if (!this.current) await this.#create(step);
    else await this.#update(step, this.current);
    await this.#drain();
  }

  /** Not so long that the model is left behind: see the guide. */
  #importMinutes({ importPercent, forgottenAfter, forgottenIn }: Step): number {
    const longest = WAIT_MINUTES * (this.waits + 1) + DELETABLE_MINUTES;
    const forgettable = WAIT_MINUTES * Math.min(forgottenIn, 1) + DELETABLE_MINUTES;
    const minutes = (importPercent / 100) * longest;
    return Math.round(forgottenAfter === undefined ? minutes : Math.min(minutes, forgettable));
  }

  async #create(step: Step): Promise<void> {
    const { resources, arn } = await this.#deploy(step);
    if (arn !== undefined && !step.othersFail) this.current = { resources, arn };
    else await this.#delete(resources);
  }

  async #update(step: Step, old: Deployed): Promise<void> {
    const { resources, arn } = await this.#deploy(step, old);
    if (arn !== undefined && !step.othersFail) {
      this.current = { resources, arn };
      await this.#delete(gone(old.resources, resources));
      return;
    }
    for (const [index, { physicalId, properties }] of resources.entries()) {
      const before = old.resources[index]!;
      const change = { PhysicalResourceId: physicalId, OldResourceProperties: properties };
      const back = await this.#answer(this.deployment.request('Update', before.properties, change));
      const attributes = { ModelArn: old.arn };
      expect(back).toMatchObject({ status: 'SUCCESS', physicalId: before.physicalId, attributes });
    }
    await this.#delete(gone(resources, old.resources));
  }

  /** Creates or updates one resource after the other, until one fails. */
  async #deploy(step: Step, old?: Deployed): Promise<Attempt> {
    const resources: Resource[] = [];
    let properties: Resource['properties'] = {
      ...WRITER,
      WeightsUri: `s3://weights/writer/v${step.version}/`,
      Continued: String(this.waits > 0),
    };
    for (let index = 0; ; index += 1) {
      const before = old?.resources[index];
      const request = before
        ? this.deployment.request('Update', properties, {
            PhysicalResourceId: before.physicalId,
            OldResourceProperties: before.properties,
          })
        : this.deployment.request('Create', properties);
      const forgottenAfter = index === step.forgottenIn ? step.forgottenAfter : undefined;
      const answer = await this.#deliver(request, { deliveries: step.deliveries, forgottenAfter });
      const failed = answer === 'forgotten' || answer.status === 'FAILED';
      const learned = answer !== 'forgotten' && !(failed && before && !step.learnsId);
      resources.push({ physicalId: learned ? answer.physicalId : (before?.physicalId ?? MADE_UP), properties });
      if (failed) return { resources };
      if (index === this.waits) return { resources, arn: answer.attributes.ModelArn! };
      properties = {
        JobArn: answer.attributes.JobArn!,
        ImportName: resources[0]!.physicalId,
        WaitSeconds: WRITER.WaitSeconds,
        Continued: String(index + 1 < this.waits),
      };
    }
  }

  async #destroy(): Promise<void> {
    const old = this.current;
    this.current = undefined;
    if (old) await this.#delete(old.resources);
  }

  /** Deletes resources, the last one first. */
  async #delete(resources: readonly Resource[]): Promise<void> {
    for (const { physicalId, properties } of resources.toReversed()) {
      const request = this.deployment.request('Delete', properties, { PhysicalResourceId: physicalId });
      expect(await this.#answer(request)).toMatchObject({ status: 'SUCCESS' });
    }
  }

  async #answer(request: Parameters<Deployment['deliver']>[0]): Promise<Answer> {
    const answer = await this.#deliver(request, { deliveries: 1 });
    if (answer === 'forgotten') throw new Error('nobody forgets this');
    return answer;
  }

  async #deliver(
    request: Parameters<Deployment['deliver']>[0],
    { deliveries, forgottenAfter = Number.POSITIVE_INFINITY }: Pick<Step, 'deliveries' | 'forgottenAfter'>,
  ): Promise<Answer | 'forgotten'> {
    const all: Delivery[] = [];
    for (let count = 0; count < deliveries; count += 1) all.push(await this.deployment.deliver(request));
    for (let looks = 0; ; looks += 1) {
      const answers = await Promise.all(all.map((delivery) => delivery.poll()));
      const answer = looks >= forgottenAfter ? 'forgotten' : answers.find((one) => one !== undefined);
      if (answer !== undefined) {
        this.#strays.push(...all.filter((_, index) => answers[index] === undefined));
        return answer;
      }
      await this.#tick();
    }
  }

  /** Lets time pass; strays go on, and nothing may go wrong with the model in service. */
  async #tick(): Promise<void> {
    this.deployment.pass(LOOK_SECONDS);
    for (const stray of [...this.#strays]) {
      if (await stray.poll()) this.#strays.splice(this.#strays.indexOf(stray), 1);
    }
    this.#check();
  }

  /** Waits until nothing runs any more. */
  async #drain(): Promise<void> {
    while (this.#strays.length > 0) await this.#tick();
  }

  #check(): void {
    const models = [...this.deployment.plane.models.values()];
    const names = models.map(({ modelName }) => modelName);
    expect(new Set(names).size).toBe(names.length);
    if (this.current) expect(models.map(({ modelArn }) => modelArn)).toContain(this.current.arn);
  }

  /** Between operations there is the model in service, and nothing else. */
  checkAtRest(): void {
    const { plane } = this.deployment;
    expect([...plane.models.keys()]).toEqual(this.current ? [this.current.arn] : []);
    expect(plane.jobs.filter(({ status }) => status === 'InProgress')).toEqual([]);
  }
}

/** The resources that are no longer among the others. */
function gone(resources: readonly Resource[], others: readonly Resource[]): readonly Resource[] {
  return resources.filter(({ physicalId }) => !others.some((other) => other.physicalId === physicalId));
}

test('whatever fails, comes twice or is forgotten, there is one model in service and nothing left besides', async () => {
  const steps = fc.array(step, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.nat(3), steps, async (waits, steps) => {
      const deployment = await Deployment.start({ maxModels: 100 });
      try {
        const stack = new Stack(deployment, waits);
        for (const step of steps) {
          await stack.take(step);
          stack.checkAtRest();
        }
      } finally {
        await deployment.plane.stop();
      }
    }),
    { numRuns: 12 },
  );
}, 60_000);
