import fc from 'fast-check';
import type { ImportProperties } from '../../../lambda/importer/requests';
import { type Answer, type Delivery, Deployment, POLL_SECONDS, WRITER } from './cloudformation';

const MADE_UP = 'support-Writer-1KJ3H4G5F6D7S';

/** What happens to one operation on the stack. */
interface Step {
  readonly action: 'deploy' | 'destroy';
  readonly version: number;
  readonly importMinutes: number;
  /** The import fails. */
  readonly importFails: boolean;
  /** Another resource of the stack fails after this one. */
  readonly othersFail: boolean;
  /** Another resource fails after so many looks, and CloudFormation forgets the request. */
  readonly forgottenAfter: number | undefined;
  /** How often the request is delivered. */
  readonly deliveries: number;
  /** Whether CloudFormation learns the physical id of an update that fails. */
  readonly learnsId: boolean;
  /** Service errors on the way. */
  readonly hiccups: readonly ('CreateModelImportJob' | 'GetModelImportJob' | 'DeleteImportedModel')[];
  /** The answer to the first `CreateModelImportJob` is lost. */
  readonly losesAnswer: boolean;
}

/** An update that is forgotten while its import runs for longer than a resource can wait leaves its model: see the guide. */
const FORGETTABLE_MINUTES = 50;

const anyStep: fc.Arbitrary<Step> = fc.record({
  action: fc.constantFrom('deploy', 'deploy', 'deploy', 'destroy'),
  version: fc.integer({ min: 1, max: 3 }),
  importMinutes: fc.integer({ min: 0, max: 100 }),
  importFails: fc.boolean(),
  othersFail: fc.boolean(),
  forgottenAfter: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
  deliveries: fc.integer({ min: 1, max: 2 }),
  learnsId: fc.boolean(),
  hiccups: fc.array(fc.constantFrom('CreateModelImportJob', 'GetModelImportJob', 'DeleteImportedModel'), {
    maxLength: 4,
  }),
  losesAnswer: fc.boolean(),
});

const step = anyStep.map((any) =>
  any.forgottenAfter === undefined ? any : { ...any, importMinutes: Math.min(any.importMinutes, FORGETTABLE_MINUTES) },
);

const propertiesOf = (version: number): ImportProperties => ({
  ...WRITER,
  WeightsUri: `s3://weights/writer/v${version}/`,
});

/** A stack with one imported model, as CloudFormation would handle it, with all that may go wrong. */
class Stack {
  current: { physicalId: string; properties: ImportProperties; arn: string } | undefined;
  /** Deliveries that nobody listens to any more, but that still run. */
  readonly #strays: Delivery[] = [];

  constructor(private readonly deployment: Deployment) {}

  async take(step: Step): Promise<void> {
    const { plane } = this.deployment;
    plane.setImports({
      seconds: step.importMinutes * 60,
      failure: step.importFails ? 'not safetensors' : undefined,
    });
    for (const operation of step.hiccups) plane.refuseNext(operation, 429, 'ThrottlingException', 'slow down');
    if (step.losesAnswer) plane.loseNextAnswer();
    if (step.action === 'destroy') await this.#destroy();
    else if (!this.current) await this.#create(step);
    else await this.#update(step);
    await this.#drain();
  }

  async #create(step: Step): Promise<void> {
    const properties = propertiesOf(step.version);
    const answer = await this.#deliver(this.deployment.request('Create', properties), step);
    if (answer === 'forgotten') return this.#delete(MADE_UP, properties);
    if (answer.status === 'FAILED' || step.othersFail) return this.#delete(answer.physicalId, properties);
    this.current = { physicalId: answer.physicalId, properties, arn: answer.attributes.ModelArn! };
  }

  async #update(step: Step): Promise<void> {
    const properties = propertiesOf(step.version);
    const old = this.current!;
    const change = { PhysicalResourceId: old.physicalId, OldResourceProperties: old.properties };
    const answer = await this.#deliver(this.deployment.request('Update', properties, change), step);
    if (answer !== 'forgotten' && answer.status === 'SUCCESS' && !step.othersFail) {
      this.current = { physicalId: answer.physicalId, properties, arn: answer.attributes.ModelArn! };
      if (answer.physicalId !== old.physicalId) await this.#delete(old.physicalId, old.properties);
      return;
    }
    const learned = answer !== 'forgotten' && (answer.status === 'SUCCESS' || step.learnsId);
    const known = learned ? answer.physicalId : old.physicalId;
    const rollback = { PhysicalResourceId: known, OldResourceProperties: properties };
    const back = await this.#answer(this.deployment.request('Update', old.properties, rollback));
    expect(back).toMatchObject({ status: 'SUCCESS', physicalId: old.physicalId });
    expect(back.status === 'SUCCESS' && back.attributes.ModelArn).toBe(old.arn);
    if (known !== old.physicalId) await this.#delete(known, properties);
  }

  async #destroy(): Promise<void> {
    const old = this.current;
    this.current = undefined;
    if (old) await this.#delete(old.physicalId, old.properties);
  }

  async #delete(physicalId: string, properties: ImportProperties): Promise<void> {
    const request = this.deployment.request('Delete', properties, { PhysicalResourceId: physicalId });
    expect(await this.#answer(request)).toMatchObject({ status: 'SUCCESS' });
  }

  async #answer(request: Parameters<Deployment['deliver']>[0]): Promise<Answer> {
    const answer = await this.#deliver(request, { deliveries: 1, forgottenAfter: undefined });
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
    this.deployment.pass(POLL_SECONDS);
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

test('whatever fails, comes twice or is forgotten, there is one model in service and nothing left besides', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
      const deployment = await Deployment.start({ maxModels: 100 });
      try {
        const stack = new Stack(deployment);
        for (const step of steps) {
          await stack.take(step);
          stack.checkAtRest();
        }
      } finally {
        await deployment.plane.stop();
      }
    }),
    { numRuns: 25 },
  );
}, 60_000);
