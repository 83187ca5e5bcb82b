import type { AddressInfo, Server } from 'node:net';

/** Where a server of a test listens. */
export interface Listening {
  readonly port: number;
  readonly url: string;
  /** Ends every connection, and settles when the server is gone. */
  readonly close: () => Promise<void>;
}

/** Has a server of HTTP listen on a free port of this machine. */
export async function listen(server: Server & { closeAllConnections(): void }): Promise<Listening> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
