import { asksForHelp, commandUsage, usage } from '../../bin/help';

test.each([
  [['--help'], true],
  [['list', '-h'], true],
  [['support', '{}'], false],
  [['support', '--', '--help'], false],
])('%j asks for help: %p', (args, expected) => {
  expect(asksForHelp(args)).toBe(expected);
});

test('a command tells each way to write it, and what it does', () => {
  const text = commandUsage('run');
  expect(text).toMatch(/^ {2}compound run show <id> /m);
  expect(text).toMatch(/^ {2}compound run list .*--limit 20/m);
  expect(text).toContain('COMPOUND_LOG_GROUP');
  expect(text).not.toContain('simulate');
});

test('all commands are told of together', () => {
  expect(usage()).toContain('run list');
  expect(usage()).toContain('simulate');
});
