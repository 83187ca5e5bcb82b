import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HEADING_SEPARATOR, type Passage } from './passage';
import { splitMarkdown } from './split-markdown';

/** One README of the AWS CDK. */
export interface Source {
  /** As in `aws-s3`; the README of the package itself is `aws-cdk-lib`. */
  readonly name: string;
  /** As in `Amazon S3`. */
  readonly title: string;
  /** Its main headings. */
  readonly topics: readonly string[];
  readonly passages: readonly Passage[];
}

/** Modules without constructs of their own share this text; it answers no question. */
const GENERATED_README = '<!--BEGIN CFNONLY DISCLAIMER-->';

/** A README below this length only points at another one. */
const MIN_README_CHARS = 300;

let corpus: readonly Source[] | undefined;

/** Every hand-written README of the installed `aws-cdk-lib`, read once per process. */
export function loadCorpus(): readonly Source[] {
  corpus ??= readCorpus(process.env.CORPUS_DIR ?? dirname(require.resolve('aws-cdk-lib/package.json')));
  return corpus;
}

/** The hand-written README files of a package folder and of the folders in it. */
export function readCorpus(directory: string): Source[] {
  const modules = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map(({ name }) => ({ name, file: join(name, 'README.md') }));

  return [{ name: 'aws-cdk-lib', file: 'README.md' }, ...modules].flatMap(({ name, file }) => {
    if (!existsSync(join(directory, file))) return [];
    const markdown = readFileSync(join(directory, file), 'utf8');
    if (markdown.length < MIN_README_CHARS || markdown.includes(GENERATED_README)) return [];
    return [toSource(name, `aws-cdk-lib/${file}`, markdown)];
  });
}

function toSource(name: string, source: string, markdown: string): Source {
  const [first, ...rest] = splitMarkdown(markdown.replaceAll(/<!--[\s\S]*?-->/g, ''));
  const sections = first ? [first, ...rest] : [];
  const title = shortTitle(sections[0]?.headings[0] ?? name);
  const below = sections.map(({ headings, text }) => ({ headings: headings.slice(1), text }));

  return {
    name,
    title,
    topics: [...new Set(below.flatMap(({ headings }) => headings[0] ?? []))],
    passages: below.map(({ headings, text }, i) => ({
      id: `${name}#${i + 1}`,
      source,
      heading: headings.join(HEADING_SEPARATOR) || title,
      text,
    })),
  };
}

const shortTitle = (title: string) => title.replace(/\s*(CDK )?Construct Library$/i, '');
