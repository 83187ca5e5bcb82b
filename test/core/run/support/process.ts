import vm from 'node:vm';

/** The process itself: the one that a test sees is jest's copy, which hears no events. */
const realProcess = vm.runInThisContext('process') as NodeJS.Process;

/** Everything of one event that the process met while `work` was under way. */
export async function heard(event: 'unhandledRejection' | 'warning', work: () => Promise<void>): Promise<unknown[]> {
  const events: unknown[] = [];
  const listen = (thing: unknown) => events.push(thing);
  realProcess.on(event, listen);
  try {
    await work();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    realProcess.off(event, listen);
  }
  return events;
}
