import { createServer as createHttp1Server, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { Server, type Socket } from 'node:net';

export type HttpRequest = IncomingMessage | Http2ServerRequest;
export type HttpResponse = ServerResponse | Http2ServerResponse;
export type HttpListener = (request: HttpRequest, response: HttpResponse) => void;

/** The first bytes of HTTP/2 on a connection without TLS (RFC 9113, section 3.4); no request of HTTP/1.1 begins with them. */
const HTTP2_PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** How long a connection may be silent before its first request, and between the bytes of a request's headers. */
const SILENCE_MS = 30_000;

/**
 * A server of HTTP/1.1 and HTTP/2 without TLS on one port: the JavaScript client of Bedrock Runtime speaks only HTTP/2,
 * other clients only HTTP/1.1.
 */
export class HttpServer extends Server {
  readonly #sockets = new Set<Socket>();

  constructor(listener: HttpListener) {
    // As Node's own servers have it: a part of an answer must not wait until the one before is acknowledged.
    super({ noDelay: true });
    const http1 = createHttp1Server((request, response) => {
      // From here on silence means that the answer takes its time.
      request.socket.setTimeout(0);
      listener(request, response);
    });
    // Its limits on headers and requests hold only for a server that listens itself.
    http1.timeout = SILENCE_MS;
    const http2 = createHttp2Server(listener);
    this.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      readProtocol(socket, (protocol) => {
        const server = protocol === 'HTTP/2' ? http2 : http1;
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

/** Reads as much as tells the protocols apart, and puts it back into the paused socket. A client may send it in pieces. */
function readProtocol(socket: Socket, onProtocol: (protocol: 'HTTP/1.1' | 'HTTP/2') => void): void {
  let start = Buffer.alloc(0);
  const hangUp = () => socket.destroy();
  const onData = (chunk: Buffer) => {
    start = Buffer.concat([start, chunk]);
    const text = start.toString('latin1');
    const isHttp2 = text.startsWith(HTTP2_PREFACE);
    if (!isHttp2 && HTTP2_PREFACE.startsWith(text)) return;
    socket.off('data', onData).off('timeout', hangUp).setTimeout(0);
    socket.pause();
    socket.unshift(start);
    onProtocol(isHttp2 ? 'HTTP/2' : 'HTTP/1.1');
  };
  socket.on('data', onData).on('timeout', hangUp).setTimeout(SILENCE_MS);
}
