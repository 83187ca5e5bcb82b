import { setTimeout as after } from 'node:timers/promises';
import type { Bindings } from '../../../../core/graph/binding';
import { useLocalAws } from '../../../../local/aws-environment';
import { startAws } from './aws-service';
import { answerTo, bindingsTo } from './components';
import { startChatServer } from './http-service';
import { FaultyProxy } from './proxy';
import { Weather } from './weather';

/**
 * Within so many turns of the event loop the closed connections of a run are heard of: in turns, because the machine may
 * be busy, and in few, because some faults end by themselves after a quarter of a second.
 */
const MOST_TURNS = 100;

/** The services of a proof behind their proxies. AWS clients of this process talk to them until it is closed. */
export class Network {
  private constructor(
    readonly chat: FaultyProxy,
    readonly aws: FaultyProxy,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(seed: number): Promise<Network> {
    const services = await Promise.all([startChatServer(answerTo), startAws(answerTo)]);
    const [chat, aws] = await Promise.all([
      FaultyProxy.start(services[0].url, new Weather(seed, 'chat')),
      FaultyProxy.start(services[1].url, new Weather(seed, 'aws')),
    ]);
    const restoreEnvironment = useLocalAws(aws.url);
    return new Network(chat, aws, async () => {
      restoreEnvironment();
      await Promise.all([chat, aws, ...services].map((each) => each.close()));
    });
  }

  get proxies(): readonly FaultyProxy[] {
    return [this.chat, this.aws];
  }

  get bindings(): Bindings {
    return bindingsTo(this.chat.url);
  }

  /** From here on nothing goes wrong, and a request is answered once so many are open at once. */
  calm(together = 1): void {
    let waiting: (() => void)[] = [];
    const gather = async (signal: AbortSignal) => {
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        waiting.push(resolve);
        if (waiting.length < together) return;
        for (const release of waiting) release();
        waiting = [];
      });
    };
    for (const proxy of this.proxies) proxy.calm(gather);
  }

  endCalm(): void {
    for (const proxy of this.proxies) proxy.endCalm();
  }

  /**
   * What is still open of a run that has ended, or of all, after the turns in which that is heard of. A request that was
   * taken back when it had just left may still arrive after that: it is then among all.
   */
  async openOf(run?: number): Promise<{ readonly left: readonly string[]; readonly turns: number }> {
    const left = () =>
      this.proxies.flatMap((proxy) => proxy.openOf(run).map(({ fault, path }) => `${path} (${fault})`));
    let turns = 0;
    for (; left().length > 0 && turns < MOST_TURNS; turns++) await after(1);
    if (run !== undefined) for (const proxy of this.proxies) proxy.forget(run);
    return { left: left(), turns };
  }

  close(): Promise<void> {
    return this.end();
  }
}
