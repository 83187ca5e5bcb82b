// The app that is synthesized: 100 autoscaled components on 4 nested stacks of their fleet, and 10 agents, each bundled.
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { LargeSystem } from '../../test/lib/support/large-system.ts';

new LargeSystem(new App(), 'Large', {
  entry: join(import.meta.dirname, '../../test/lib/support/large-agents.ts'),
  bundling: { conditions: ['source'] },
});
