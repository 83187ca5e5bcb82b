import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { bundle } from '../../bundle.ts';
import { ask } from '../../child.ts';
import type { Door } from './gateway.ts';
import type { DoorLatency } from './latency-cell.ts';
import type { LoadRound } from './load-cell.ts';
import { type Pace, paceWord } from './pace.ts';

export interface DoorExtent {
  /** Requests bare, and through the door, of each kind of model. */
  readonly requests: number;
  readonly pace: Pace;
  readonly load: { readonly streams: number; readonly pace: Pace; readonly rounds: number };
}

export interface DoorFigures {
  readonly latencies: readonly DoorLatency[];
  readonly load: readonly LoadRound[];
}

/** Models, gateway and callers in processes of their own, on this machine. */
export async function measureDoor({ requests, pace, load }: DoorExtent): Promise<DoorFigures> {
  const modelServer = await bundle('door-models', `import './features/door/model-server.ts';`);
  const gateway = await bundle('door-gateway', `import './features/door/gateway.ts';`);
  const cell = (name: string) => join(import.meta.dirname, `${name}-cell.ts`);
  const word = paceWord(pace);
  const loadWord = paceWord(load.pace);

  const { child: models, said: modelsUrl } = await start<string>(modelServer.path, []);
  try {
    const doorOf = () => start<Door>(gateway.path, [modelsUrl, word, loadWord], awsOn(modelsUrl));
    const quiet = await doorOf();
    const latencies = await ask<DoorLatency[]>(cell('latency'), [modelsUrl, quiet.said.url, word, requests]);
    quiet.child.disconnect();

    const busy = await doorOf();
    const { url, usageUrl } = busy.said;
    const rounds = await ask<LoadRound[]>(cell('load'), [url, usageUrl, load.streams, loadWord, load.rounds]);
    busy.child.disconnect();
    return { latencies, load: rounds };
  } finally {
    models.disconnect();
  }
}

async function start<Said>(path: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child: ChildProcess = fork(path, args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
  });
  const [said] = await once(child, 'message');
  return { child, said: said as Said };
}

function awsOn(url: string): NodeJS.ProcessEnv {
  return {
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: url,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
  };
}
