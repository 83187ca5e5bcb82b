export { NodeHttpHandler } from '@smithy/node-http-handler';
