export { complexity } from './complexity';
export { errors } from './errors';
export { performance } from './performance';
export { ranker } from './ranker';
export { reporter } from './reporter';
export { security } from './security';
