// The app that is synthesized: 100 autoscaled components on 4 nested stacks of their fleet, and 10 agents, each bundled.
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { LargeSystem } from '../../test/lib/support/large-system.ts';

const entry = join(import.meta.dirname, '../../test/lib/support/large-agents.ts');

new LargeSystem(new App(), 'Large', (agent) => ({
  entry,
  // Agents of one module share a bundle: what differs makes each one's its own, as that of a module of its own would be.
  bundling: { conditions: ['source'], define: { AGENT: String(agent) } },
}));
