import { answer, type Reply } from '../backends/service';

/** Answers as SSM does for what is directly below a path, two parameters a page. */
export function parameterStore(parameters: Readonly<Record<string, string>>): Reply {
  return (response, received) => {
    const { Path, NextToken = '0' } = JSON.parse(received.body);
    const names = Object.keys(parameters).filter((name) => name.slice(0, name.lastIndexOf('/')) === Path);
    const from = Number(NextToken);
    const page = names.slice(from, from + 2);
    answer(200, {
      Parameters: page.map((name) => ({ Name: name, Type: 'String', Value: parameters[name] })),
      ...(from + 2 < names.length && { NextToken: String(from + 2) }),
    })(response, received);
  };
}
