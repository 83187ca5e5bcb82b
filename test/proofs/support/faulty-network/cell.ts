// In a process of its own, so that what is left of runs can be told from what is left of others. Arguments: runs, seed.
import { prove } from './proof';

const [runs, seed] = process.argv.slice(2).map(Number);
prove({ runs: runs!, seed: seed! }).then(
  (figures) => process.send!(figures, () => process.exit()),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
