import type { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Agent, ImportedModel } from '../../../lib';
import { CODE, prewarm, support, WarmingWorld } from './warming-world';

function idsOf(template: Template, type: string, name: RegExp): string[] {
  return Object.keys(template.findResources(type)).filter((id) => name.test(id));
}

/** By which CloudFormation sees that other components are warmed. */
function restoreOf(stack: Stack): string {
  const template = Template.fromStack(stack);
  const [id] = idsOf(template, 'Custom::AWS', /PrewarmingRestoreOnChange/);
  return JSON.stringify(template.toJSON().Resources[id!].Properties.Update);
}

function warningsOf(stack: Stack): string[] {
  return Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp('prewarming/warm-up-above-budget'))
    .map(({ entry }) => entry.data as string);
}

describe('what was raised', () => {
  const others = (world: WarmingWorld) => [{ component: world.writer, customModelUnits: 4 }];

  test('is restored by the new warmer, before its permissions on components change', () => {
    const world = new WarmingWorld();
    prewarm(world);
    const template = Template.fromStack(world.stack);
    const [change] = idsOf(template, 'Custom::AWS', /PrewarmingRestoreOnChange/);
    const [removal] = idsOf(template, 'Custom::AWS', /PrewarmingRestoreOnRemoval/);
    const [scaling] = idsOf(template, 'AWS::IAM::Policy', /PrewarmingScaling/);
    const [warmer] = idsOf(template, 'AWS::Lambda::Function', /PrewarmingWarmerFunction/);
    const dependsOn = (id: string) => template.toJSON().Resources[id].DependsOn;
    expect(dependsOn(change!)).toContain(warmer);
    expect(dependsOn(change!)).not.toContain(scaling);
    expect(dependsOn(scaling!)).toEqual(expect.arrayContaining([change]));
    expect(dependsOn(removal!)).toEqual(expect.arrayContaining([change, scaling, warmer]));
    const { Create, Update, Delete } = template.toJSON().Resources[change!].Properties;
    expect([JSON.stringify(Update), Create, Delete]).toEqual([expect.stringContaining('stop'), Update, undefined]);
  });

  test('is restored by a deployment that warms another set of components on fleets, and by no other', () => {
    const [all, dearer, fewer] = [new WarmingWorld(), new WarmingWorld(), new WarmingWorld()];
    prewarm(all);
    prewarm(dearer, { monthlyBudget: 600, components: others(dearer) });
    prewarm(fewer, { components: [...others(fewer), { component: fewer.planner, excluded: true }] });
    expect(restoreOf(all.stack)).toBe(restoreOf(dearer.stack));
    expect(restoreOf(fewer.stack)).not.toBe(restoreOf(all.stack));
  });

  test('is restored by one that warms none any more, whose warmer may change the scaling of nothing', () => {
    const world = new WarmingWorld();
    prewarm(world, { components: [...others(world), { component: world.planner, excluded: true }] });
    const template = Template.fromStack(world.stack);
    expect(idsOf(template, 'AWS::IAM::Policy', /PrewarmingScaling/)).toEqual([]);
    expect(restoreOf(world.stack)).toContain('stop');
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).not.toContain('RegisterScalableTarget');
  });
});

describe('a budget of an hour that does not pay for one start', () => {
  test('warns of each component that is never warmed, with what to do', () => {
    const world = new WarmingWorld();
    // 1.438 dollars an hour for a late start on a new instance, of 812 s, a quarter of an hour without a call, and ten minutes of the instance.
    prewarm(world, { monthlyBudget: 300, hourlyBudget: 0.3 });
    expect(warningsOf(world.stack)).toEqual([
      expect.stringMatching(
        /^Test\/Gpu\/Planner is not warmed: .* about 0\.93 US dollars aside, and the budget of an hour is 0\.30: set hourlyBudget to 0\.93 or more/,
      ),
      expect.stringMatching(/^Test\/Writer is not warmed: .*excluded: true/),
    ]);
  });

  test('is one of a thirtieth of the month by default', () => {
    const world = new WarmingWorld();
    prewarm(world, { monthlyBudget: 28.5 });
    expect(warningsOf(world.stack)).toEqual([expect.stringContaining('Test/Writer')]);
  });

  test('warns of none that it pays for, and of nothing when warming is switched off', () => {
    const [rich, off] = [new WarmingWorld(), new WarmingWorld()];
    prewarm(rich, { hourlyBudget: 1.2 });
    prewarm(off, { hourlyBudget: 0.01, enabled: false });
    expect([...warningsOf(rich.stack), ...warningsOf(off.stack)]).toEqual([]);
  });
});

describe('two warmers', () => {
  /** Another agent with the same models. */
  const another = ({ stack, planner, writer, search }: WarmingWorld, components = { planner, writer, search }) =>
    new Agent(stack, 'Other', { graph: support, code: CODE, components });

  test('of one component are refused, with the paths of both and what to do', () => {
    const world = new WarmingWorld();
    const components = [{ component: world.writer, excluded: true }];
    prewarm(world, { components });
    another(world).prewarm({ monthlyBudget: 300, components });
    expect(() => Template.fromStack(world.stack)).toThrow(
      /Test\/Other\/Prewarming and Test\/Prewarming both warm Test\/Gpu\/Planner.*one new Prewarming.*\[prewarming\/component-warmed-twice\]/,
    );
  });

  test('of one imported model are refused, by whatever constructs they know it', () => {
    const world = new WarmingWorld();
    const modelArn = 'arn:aws:bedrock:us-east-1:123456789012:imported-model/abcdef123456';
    const [one, two] = ['One', 'Two'].map((id) => ImportedModel.fromModelArn(world.stack, id, modelArn));
    const { planner, search } = world;
    for (const [id, writer] of Object.entries({ First: one!, Second: two! })) {
      const agent = new Agent(world.stack, id, { graph: support, code: CODE, components: { planner, writer, search } });
      agent.prewarm({
        monthlyBudget: 300,
        components: [
          { component: writer, customModelUnits: 1 },
          { component: planner, excluded: true },
        ],
      });
    }
    expect(() => Template.fromStack(world.stack)).toThrow(
      /Test\/Second\/Prewarming and Test\/First\/Prewarming both warm Test\/Two/,
    );
  });

  test('may call one function, and stand beside one that is switched off', () => {
    const world = new WarmingWorld();
    const { planner, writer, search } = world;
    const firstCall = { body: '{"warm":true}' };
    const left = { component: writer, excluded: true };
    prewarm(world, { components: [left, { component: search, firstCall }] });
    another(world).prewarm({
      monthlyBudget: 300,
      components: [left, { component: search, firstCall }, { component: planner, excluded: true }],
    });
    const off = new Agent(world.stack, 'Off', { graph: support, code: CODE, components: { planner, writer, search } });
    off.prewarm({ monthlyBudget: 300, enabled: false, components: [left] });
    expect(() => Template.fromStack(world.stack)).not.toThrow();
  });
});
