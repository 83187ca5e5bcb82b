import { blocksOf, splitMarkdown } from './split-markdown';

test('a section knows the headings above it', () => {
  const sections = splitMarkdown('# S3\n\nIntro\n\n## Grants\n\n### `Read`\n\nText\n\n## Events\n\nMore');
  expect(sections).toEqual([
    { headings: ['S3'], text: 'Intro' },
    { headings: ['S3', 'Grants', 'Read'], text: 'Text' },
    { headings: ['S3', 'Events'], text: 'More' },
  ]);
});

test('what looks like a heading inside code is code', () => {
  expect(blocksOf('Run:\n```sh\n# a comment\n\nls\n```')).toEqual(['Run:', '```sh\n# a comment\n\nls\n```']);
});

test('code that is never closed reaches to the end', () => {
  expect(blocksOf('```ts\nconst a = 1;\n\n## not a heading')).toHaveLength(1);
});

test('a long section is cut between paragraphs, and code stays with its introduction', () => {
  const paragraph = `${'word '.repeat(200).trim()}:`;
  const code = `\`\`\`ts\n${'call();\n'.repeat(60)}\`\`\``;
  const sections = splitMarkdown([paragraph, code, paragraph, code].join('\n\n'));
  expect(sections.map(({ text }) => text)).toEqual([`${paragraph}\n\n${code}`, `${paragraph}\n\n${code}`]);
});
