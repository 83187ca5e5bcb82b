export { planner } from './planner';
export { selector } from './selector';
export { writer } from './writer';
