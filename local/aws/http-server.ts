import { createServer as createHttp1Server, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { Server, type Socket } from 'node:net';

export type HttpRequest = IncomingMessage | Http2ServerRequest;
export type HttpResponse = ServerResponse | Http2ServerResponse;
export type HttpListener = (request: HttpRequest, response: HttpResponse) => void;

/** The first bytes of HTTP/2 on a connection without TLS (RFC 9113, section 3.4); no HTTP/1.1 method begins with them. */
const HTTP2_PREFACE = 'PRI';

/**
 * A server of HTTP/1.1 and HTTP/2 without TLS on one port: the JavaScript client of Bedrock Runtime speaks only HTTP/2,
 * other clients only HTTP/1.1.
 */
export class HttpServer extends Server {
  readonly #sockets = new Set<Socket>();

  constructor(listener: HttpListener) {
    super();
    const http1 = createHttp1Server(listener);
    const http2 = createHttp2Server(listener);
    this.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      socket.once('data', (start: Buffer) => {
        socket.pause();
        socket.unshift(start);
        const server = start.toString('latin1').startsWith(HTTP2_PREFACE) ? http2 : http1;
        server.emit('connection', socket);
        process.nextTick(() => socket.resume());
      });
    });
  }

  /** Ends every connection at once, so that `close` need not wait for clients that keep theirs open. */
  closeAllConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
