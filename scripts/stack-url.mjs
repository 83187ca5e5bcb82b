/** The URL of a local stack that a child process is starting, once it has printed it. The stack ends with this process. */
export function stackUrl(stack) {
  process.once('exit', () => stack.kill());
  return new Promise((resolve, reject) => {
    let printed = '';
    stack.stdout.on('data', (chunk) => {
      printed += chunk;
      const url = /Local stack at (http:\S+),/.exec(printed)?.[1];
      if (url) resolve(url);
    });
    stack.once('exit', (code) => reject(new Error(`the local stack ended with code ${code}`)));
  });
}
