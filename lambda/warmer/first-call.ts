import type { Component } from '../../core/graph/component';
import type { FirstCall, WarmedBackend } from '../../core/warm';
import { bedrockRuntime } from '../backends/bedrock';
import { lambdaFunctions } from '../backends/lambda';
import { sageMakerRuntime } from '../backends/sagemaker';

/** Calls a backend, so that it starts or does what it does only once; rejects if it does not answer. */
export type Caller = (key: string, backend: WarmedBackend, timeoutMs: number) => Promise<void>;

/** Imported models take chat completions, whatever they were trained on. */
const ONE_TOKEN: FirstCall = {
  body: JSON.stringify({ messages: [{ role: 'user', content: '.' }], max_tokens: 1 }),
};

export function firstCalls(): Caller {
  const sageMaker = sageMakerRuntime();
  const bedrock = bedrockRuntime();
  const functions = lambdaFunctions();
  return async (key, backend, timeoutMs) => {
    const signal = AbortSignal.timeout(timeoutMs);
    switch (backend.type) {
      case 'sagemaker':
        if (backend.firstCall) await sageMaker.invoke(backend, requestOf(backend.firstCall), signal);
        return;
      case 'bedrock':
        await bedrock.invokeModel(backend, requestOf(backend.firstCall ?? ONE_TOKEN), signal);
        return;
      case 'lambda': {
        const component: Component = { kind: 'tool', name: key, format: 'json' };
        const call = { component, input: undefined, signal, attempt: 1, progress: () => {} };
        await functions(backend, requestOf(backend.firstCall), call);
      }
    }
  };
}

function requestOf({ contentType = 'application/json', body }: FirstCall) {
  return { contentType, body: new TextEncoder().encode(body) };
}
