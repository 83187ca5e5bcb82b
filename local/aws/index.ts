export { type HttpListener, type HttpRequest, type HttpResponse, HttpServer } from './http-server';
export { awsListener, createAwsEndpoint } from './server';
