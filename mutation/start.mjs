// Usage: npm run mutation [-- core/run/planning]; a folder below core/, of which test/ has one of the same name.
import { Stryker } from '@stryker-mutator/core';

const [folder = 'core/run'] = process.argv.slice(2);
process.chdir(new URL('..', import.meta.url).pathname);
process.env.MUTATED = folder;
await new Stryker({ configFile: 'mutation/stryker.config.mjs', mutate: [`${folder}/**/*.ts`] }).runMutationTest();
