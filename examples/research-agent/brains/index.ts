export { checker } from './checker';
export { planner } from './planner';
export { writer } from './writer';
