import { describeModel, listModels } from '../../../core/api/openai/models';
import { type Agents, agentNamed } from '../agent-routes';
import type { AgentRuns } from '../agent-runs';
import { type Answer, pathSegments } from '../http';
import { Problem } from '../problem';
import type { Route, RouteRequest } from '../route';
import { complete } from './completions';
import { errorAnswer } from './error-answer';
import { type Model, modelNamed, modelsOf } from './models';

/** The door for clients of OpenAI, in which every agent is a model: of all agents, and of each alone. */
export function openAiRoutes(agents: Agents, runs: AgentRuns): Route[] {
  let all: Models | undefined;
  const allModels = () => {
    all ??= modelsOf(agents.values());
    return all;
  };
  return [
    ...routesAt('/v1', runs, allModels),
    ...routesAt('/agents/{agent}/v1', runs, ({ params }) => modelsOf([agentNamed(agents, params.agent!)])),
  ];
}

/** Of a path that is not there. */
const MAX_SHOWN_CHARS = 120;

type Models = ReadonlyMap<string, Model>;

function routesAt(base: string, runs: AgentRuns, modelsFor: (request: RouteRequest) => Models): Route[] {
  const route = (
    method: Route['method'],
    path: string,
    answer: (models: Models, request: RouteRequest) => Answer | Promise<Answer>,
  ): Route => ({
    method,
    path: base + path,
    answer: (request) => inForm(() => answer(modelsFor(request), request)),
  });
  const routes = [
    route('GET', '/models', (models) => ok(listModels([...models.values()].map(({ agent }) => agent)))),
    route('GET', '/models/{model}', (models, { params }) => ok(describeModel(modelNamed(models, params.model!).agent))),
    route('POST', '/chat/completions', (models, request) => complete(runs, models, request)),
  ];
  const otherMethods = (method: Route['method'], path: string) =>
    route('ANY', path, (_, { event }) => {
      const detail = `${path} takes ${method} only, got: ${event.httpMethod}`;
      throw new Problem('method-not-allowed', detail, {}, { allow: method });
    });
  const there = routes.map(({ method, path }) => `${method} ${path.slice(base.length)}`).join(', ');
  const nothing = route('ANY', '/{rest+}', (_, { event }) => {
    const asked = pathSegments(event)
      .slice(base.split('/').length - 1)
      .join('/')
      .slice(0, MAX_SHOWN_CHARS);
    throw new Problem('not-found', `${event.httpMethod} /${asked} is not there; there are ${there}`);
  });
  return [...routes, ...routes.map(({ method, path }) => otherMethods(method, path.slice(base.length))), nothing];
}

/** Errors in the form that clients of OpenAI read. */
async function inForm(answer: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await answer();
  } catch (error) {
    const told = errorAnswer(error);
    if (told) return told;
    throw error;
  }
}

function ok(body: object): Answer {
  return { status: 200, json: JSON.stringify(body) };
}
