import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OpenRun, WarmedBackend, WarmerConfig, WarmGraph } from '../../../core/warm';
import { type HoldDocument, holdId, POLICY_ID, type PolicyDocument } from '../../../lambda/warm-board/documents';
import { DynamoBoard } from '../../../lambda/warm-board/dynamo-board';
import { controlPlane } from '../../../lambda/warmer/control-plane';
import { firstCalls } from '../../../lambda/warmer/first-call';
import { Warmer } from '../../../lambda/warmer/warmer';
import type { Fault } from '../../../local/aws';
import { useLocalAws } from '../../../local/aws-environment';
import type { LocalComponent } from '../../../local/world';
import { COLD_COMPONENT, COLD_IMPORTED_MODEL, startStack } from '../../local/aws/stack';

export const TABLE = {
  name: 'warm',
  partitionKey: { name: 'id', type: 'S' },
  ttlAttribute: 'expiresAtSeconds',
} as const;

export const MODEL_ID = 'arn:aws:bedrock:us-east-1:000000000000:imported-model/abc123def456';

/** A cold start of 260 s. */
export function component(name: string): LocalComponent {
  const backend = { type: 'sagemaker' as const, endpointName: 'fleet', inferenceComponentName: name };
  return { kind: 'chat-model', backend, behaviour: COLD_COMPONENT, brain: () => '' };
}

/** A cold start of 70 s. */
export function importedModel(): LocalComponent {
  const backend = { type: 'bedrock' as const, modelId: MODEL_ID };
  return { kind: 'chat-model', backend, behaviour: COLD_IMPORTED_MODEL, brain: () => '' };
}

export const backendOf = (name: string): WarmedBackend => ({
  type: 'sagemaker',
  inferenceComponentName: name,
  endpointName: 'fleet',
  maxCopies: 2,
  startPath: 'new-instance-cached-image',
  pricePerHourUsd: 1.2,
  concurrencyPerCopy: 4,
});

export const keyOf = (name: string) => `sagemaker/${name}`;

/** Each node calls the component of the same name, and needs the one before. */
export function chainOf(agent: string, names: readonly string[]): WarmGraph {
  const nodes = names.map((name, at) => ({
    id: name,
    needs: at === 0 ? [] : [at - 1],
    component: name,
    conditional: false,
  }));
  return { name: agent, nodes };
}

export function configOf(names: readonly string[], changes: Partial<WarmerConfig> = {}): WarmerConfig {
  const components = Object.fromEntries(names.map((name) => [name, keyOf(name)]));
  return {
    policy: 'entryKeepAlive',
    table: TABLE.name,
    agents: { support: { graph: chainOf('support', names), components } },
    backends: Object.fromEntries(names.map((name) => [keyOf(name), backendOf(name)])),
    limits: { hourlyBudgetUsd: 100, monthlyBudgetUsd: 1000 },
    ...changes,
  };
}

/** A stack whose clock moves on only while every invocation of the warmer waits, or a copy works. */
export async function startWarmStack(components: readonly LocalComponent[]) {
  const stack = await startStack(components, { tables: [TABLE] });
  const restoreEnvironment = useLocalAws(stack.url);
  const { clock, world, aws, concurrencyOf } = stack;
  const board = new DynamoBoard({ table: TABLE.name, timeoutMs: 2_000, maxAttempts: 2, isConsistent: true });
  const plane = controlPlane();
  const lines: { readonly message: string; readonly [field: string]: unknown }[] = [];
  /** Invocations that have not ended, each with the number of its pauses: one that failed may leave some behind. */
  const running = new Set<{ pauses: number }>();
  const isPausing = () => [...running].every(({ pauses }) => pauses > 0);

  return {
    ...stack,
    board,
    plane,
    lines,
    /** An invocation of the warmer; `remainingMs` is its time limit. */
    invoke(config: WarmerConfig, event: Parameters<Warmer['handle']>[0], options: InvokeOptions = {}) {
      const { isEnabled = true, remainingMs = 900_000, ...parts } = options;
      const invocation = { pauses: 0 };
      running.add(invocation);
      const time = {
        nowMs: () => world.nowMs,
        pause: (ms: number) =>
          new Promise<void>((resolve) => {
            invocation.pauses++;
            clock.setTimer(() => {
              invocation.pauses--;
              resolve();
            }, ms);
          }),
      };
      const log = (level: string, message: string, fields: object) => void lines.push({ level, message, ...fields });
      const warmer = new Warmer({ config, board, plane, call: firstCalls(), time, log, isEnabled, ...parts });
      return warmer.handle(event, remainingMs).finally(() => running.delete(invocation));
    },
    /** Every invocation that has not ended waits for the clock. */
    isPausing,
    /** Waits for invocations, while the clock moves on. */
    async settle(...invocations: readonly Promise<unknown>[]): Promise<void> {
      let open = invocations.length;
      const end = () => {
        open--;
      };
      for (const invocation of invocations) invocation.then(end, end);
      while (open > 0) {
        await nextTurn();
        const isServing = world.models.some(({ id }) => concurrencyOf(id) > 0);
        if (open > 0 && (isPausing() || isServing)) clock.advance(100);
      }
      await Promise.all(invocations);
    },
    run(id: string): OpenRun {
      return { id, graph: 'support', nodes: {}, sinceMs: world.nowMs, deadlineAtMs: world.nowMs + 28_000 };
    },
    copies: (name: string) => world.model(keyOf(name))!.copiesInService,
    async minimum(name: string): Promise<number> {
      return (await plane.target({ inferenceComponentName: name }))!.minimum;
    },
    async policy(): Promise<PolicyDocument | undefined> {
      return (await board.read([POLICY_ID])).get(POLICY_ID)?.value as PolicyDocument | undefined;
    },
    async hold(name: string): Promise<HoldDocument | undefined> {
      return (await board.read([holdId(keyOf(name))])).get(holdId(keyOf(name)))?.value as HoldDocument | undefined;
    },
    fault: (fault: Fault) => aws.faults.add(fault),
    async close() {
      restoreEnvironment();
      await stack.close();
    },
  };
}

interface InvokeOptions extends Partial<Pick<ConstructorParameters<typeof Warmer>[0], 'plane' | 'call' | 'board'>> {
  readonly isEnabled?: boolean;
  readonly remainingMs?: number;
}

export type WarmStack = Awaited<ReturnType<typeof startWarmStack>>;
