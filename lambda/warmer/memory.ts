import { NO_DEMAND } from '../../core/scale';
import { EMPTY_WARM_STATE, NO_KNOWLEDGE, type WarmerConfig, type WarmKnowledge } from '../../core/warm';
import type { Board, Entry } from '../warm-board/board';
import {
  type AgentKnowledge,
  agentKnowledgeId,
  type ComponentDocument,
  type ComponentKnowledge,
  componentId,
  componentKnowledgeId,
  POLICY_ID,
  type PolicyDocument,
} from '../warm-board/documents';

/** Tries to write a document that others write too. */
const MAX_TRIES = 5;

/** What a component that nobody has seen for so long was like says nothing. */
const RECORD_MS = 24 * 3_600_000;

/** Everything that a decision takes from the board. */
export interface Snapshot {
  readonly policy: PolicyDocument;
  readonly policyRevision: string | undefined;
  readonly knowledge: WarmKnowledge;
  readonly record: (key: string) => Kept<ComponentDocument> | undefined;
  readonly component: (key: string) => ComponentKnowledge;
}

export interface Kept<T> {
  readonly value: T;
  readonly revision: string;
}

const NO_POLICY: PolicyDocument = { state: EMPTY_WARM_STATE, runs: [], changed: [] };

const { branches, durations, widths, coldStarts, idleTimes } = NO_KNOWLEDGE;
const NO_AGENT_KNOWLEDGE: AgentKnowledge = { branches, durations, widths };
const NO_COMPONENT_KNOWLEDGE: ComponentKnowledge = {
  coldStarts,
  idleTimes,
  demand: NO_DEMAND,
  servedMs: 0,
  servedSinceMs: 0,
};

/** The board as the warmer uses it. */
export class Memory {
  readonly #board: Board;
  readonly #agents: readonly string[];
  readonly #keys: readonly string[];

  constructor(board: Board, { agents, backends }: WarmerConfig) {
    this.#board = board;
    this.#agents = Object.keys(agents);
    this.#keys = Object.keys(backends);
  }

  async load(): Promise<Snapshot> {
    const ofAgents = this.#agents.map(agentKnowledgeId);
    const ofComponents = this.#keys.map(componentKnowledgeId);
    const entries = await this.#board.read([POLICY_ID, ...this.#keys.map(componentId), ...ofAgents, ...ofComponents]);
    const parts = [...ofAgents, ...ofComponents].map(
      (id) => entries.get(id)?.value as Partial<WarmKnowledge> | undefined,
    );
    const policy = entries.get(POLICY_ID);
    return {
      policy: policyOf(policy),
      policyRevision: policy?.revision,
      knowledge: joined(parts),
      record: (key) => entries.get(componentId(key)) as Kept<ComponentDocument> | undefined,
      component: (key) =>
        (entries.get(componentKnowledgeId(key))?.value as ComponentKnowledge) ?? NO_COMPONENT_KNOWLEDGE,
    };
  }

  /** @returns whether nobody else was faster */
  async writePolicy(policy: PolicyDocument, before: string | undefined): Promise<boolean> {
    return (await this.#board.write(POLICY_ID, policy, before)) !== undefined;
  }

  /** @returns whether nobody else was faster */
  async writeRecord(key: string, record: ComponentDocument, before: string | undefined): Promise<boolean> {
    const options = { expiresAtMs: record.observedAtMs + RECORD_MS };
    return (await this.#board.write(componentId(key), record, before, options)) !== undefined;
  }

  learnOfAgent(agent: string, learn: (knowledge: WarmKnowledge) => WarmKnowledge): Promise<void> {
    return this.#learn<AgentKnowledge>(agentKnowledgeId(agent), NO_AGENT_KNOWLEDGE, (known) => {
      const learned = learn({ ...NO_KNOWLEDGE, ...known });
      return { branches: learned.branches, durations: learned.durations, widths: learned.widths };
    });
  }

  learnOfComponent(key: string, learn: (knowledge: ComponentKnowledge) => ComponentKnowledge): Promise<void> {
    return this.#learn(componentKnowledgeId(key), NO_COMPONENT_KNOWLEDGE, learn);
  }

  /** What cannot be written after some tries is forgotten: knowledge is worth no more. */
  async #learn<T extends object>(id: string, nothing: T, learn: (known: T) => T): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const entry = (await this.#board.read([id])).get(id);
      const known = (entry?.value as T | undefined) ?? nothing;
      const learned = learn(known);
      if (learned === known || (await this.#board.write(id, learned, entry?.revision)) !== undefined) return;
    }
  }
}

export function policyOf(entry: Entry | undefined): PolicyDocument {
  return (entry?.value as PolicyDocument | undefined) ?? NO_POLICY;
}

function joined(parts: readonly (Partial<WarmKnowledge> | undefined)[]): WarmKnowledge {
  const join = <T>(field: (part: Partial<WarmKnowledge>) => Readonly<Record<string, T>> | undefined) =>
    Object.assign({}, ...parts.map((part) => part && field(part))) as Record<string, T>;
  return {
    branches: join((part) => part.branches),
    durations: join((part) => part.durations),
    widths: join((part) => part.widths),
    coldStarts: join((part) => part.coldStarts),
    idleTimes: join((part) => part.idleTimes),
  };
}
