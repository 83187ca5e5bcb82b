// Bundled into one file, as the simulator ships compiled.
export { report } from './report.ts';
export { measure, tasksOf } from './studies.ts';
