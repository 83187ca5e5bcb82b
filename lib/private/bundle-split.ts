import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type * as esbuild from 'esbuild';

export interface SplitBundling {
  /** Modules by the name that their file gets; absolute, in one folder. */
  readonly entries: Readonly<Record<string, string>>;
  /** What is not bundled. @default - none */
  readonly external?: readonly string[];
  /** Besides `module` and those of Node. @default - none */
  readonly conditions?: readonly string[];
}

/** A file of what is deployed. */
export interface FunctionFile {
  /** A path with slashes. */
  readonly name: string;
  readonly contents: Uint8Array | string;
}

/**
 * Bundles modules of the package and all that they import as CommonJS: a file for each, files for what they share, and files of
 * their own for what they load by `import()`. Of packages the ES modules are taken, of which only what is used gets in.
 *
 * In two steps, for esbuild splits ES modules only, and those find no modules of layers.
 *
 * @throws Error with what esbuild finds
 */
export function bundleSplit({ buildSync }: typeof esbuild, bundling: SplitBundling): FunctionFile[] {
  const { entries, external = [], conditions = [] } = bundling;
  const modules = mkdtempSync(join(tmpdir(), 'modules-'));
  const common = { minify: true, platform: 'node', target: 'node24', logLevel: 'silent' } as const;
  try {
    const { metafile } = buildSync({
      ...common,
      // The names of files come from paths too, which must not depend on where the app is.
      absWorkingDir: dirname(Object.values(entries)[0]!),
      entryPoints: { ...entries },
      outdir: modules,
      bundle: true,
      format: 'esm',
      splitting: true,
      chunkNames: '[name]-[hash]',
      metafile: true,
      mainFields: ['module', 'main'],
      conditions: ['module', ...conditions],
      external: [...external],
    });
    const { outputFiles } = buildSync({
      ...common,
      absWorkingDir: modules,
      entryPoints: codeOf(metafile, Object.keys(entries)),
      outdir: modules,
      write: false,
      format: 'cjs',
      supported: { 'dynamic-import': false },
    });
    return outputFiles.map(({ path, contents }) => ({ name: basename(path), contents }));
  } finally {
    rmSync(modules, { recursive: true });
  }
}

export function writeFiles(folder: string, files: readonly FunctionFile[]): void {
  for (const { name, contents } of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
}

/** The code that is read from the entries on: esbuild also writes what only code asks for that it has left out. */
function codeOf({ outputs }: esbuild.Metafile, entries: readonly string[]): string[] {
  const found = new Set(Object.keys(outputs).filter((path) => entries.includes(basename(path, '.js'))));
  for (const path of found) {
    // What is added while a set is gone through is gone through as well.
    for (const imported of outputs[path]?.imports ?? []) if (imported.path in outputs) found.add(imported.path);
  }
  return [...found].map((path) => basename(path));
}
