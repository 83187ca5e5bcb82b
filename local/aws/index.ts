export type { LocalTable } from './dynamodb/local-table';
export type { Fault } from './faults';
export { type HttpListener, type HttpRequest, type HttpResponse, HttpServer } from './http-server';
export type { EventFailure } from './lambda/invocations';
export type { Schedule } from './lambda/scheduler';
export { LocalAws, type LocalAwsOptions } from './local-aws';
export { awsListener, createAwsEndpoint } from './server';
