import type { AgentRun } from '../../../sim/agent/agent-run';
import { RunObservers } from '../../../sim/agent/run-observers';

const run = { request: 7 } as AgentRun;

test('each observer is told what it listens to, in the order of the observers', () => {
  const told: unknown[] = [];
  const tell =
    (who: string) =>
    (...what: unknown[]) => {
      told.push([who, ...what]);
    };
  const observers = new RunObservers([
    { onRunStart: tell('first start'), onCallEnd: tell('first call end') },
    { onRunStart: tell('second start'), onNodeStart: tell('node start'), onNodeEnd: tell('node end') },
    { onCallStart: tell('call start'), onCallRefused: tell('call refused') },
    { onCallFail: tell('call fail'), onRunEnd: tell('run end') },
  ]);
  observers.onRunStart(run);
  observers.onNodeStart(run, 1);
  observers.onCallStart(2);
  observers.onCallRefused(2);
  observers.onCallEnd(2, 30, 20, 10);
  observers.onCallFail(3, 40);
  observers.onNodeEnd(run, 1);
  observers.onRunEnd(run, 50);
  expect(told).toEqual([
    ['first start', run],
    ['second start', run],
    ['node start', run, 1],
    ['call start', 2],
    ['call refused', 2],
    ['first call end', 2, 30, 20, 10],
    ['call fail', 3, 40],
    ['node end', run, 1],
    ['run end', run, 50],
  ]);
});

test('an observer keeps its state, and one that listens to nothing hears nothing', () => {
  class Counter {
    runs = 0;
    onRunStart(): void {
      this.runs++;
    }
  }
  const counter = new Counter();
  new RunObservers([{}, counter]).onRunStart(run);
  expect(counter.runs).toBe(1);
});
